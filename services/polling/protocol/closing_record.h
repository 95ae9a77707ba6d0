#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The last entry of a closed board, and what issuers state in it (docs/polling-protocol.md,
// section 5).

namespace veche::polling::protocol {

// Numbers of credentials as they may be published: below these, districts are not told apart.
inline constexpr int64_t kMinDistrictIssued = 50;
inline constexpr int64_t kMinRemainderIssued = 10;

struct ClosingRecord {
  struct District {
    std::string district;  // "districts/{id}"; "" for the small ones together
    int64_t issued = 0;
    friend bool operator==(const District&, const District&) = default;
  };
  struct Issuer {
    std::string name;
    int64_t issued = 0;
    std::string statement;  // 64 bytes
    std::vector<District> districts;
    friend bool operator==(const Issuer&, const Issuer&) = default;
  };

  int64_t close_time = 0;  // Unix seconds
  int64_t eligible = 0;
  std::vector<Issuer> issuers;  // in the definition's order
  friend bool operator==(const ClosingRecord&, const ClosingRecord&) = default;
};

// Canonical JSON. REQUIRES: integers from 0 to kMaxInteger, names are UTF-8.
std::string EncodeClosingRecord(const ClosingRecord& record);
// InvalidArgument, with the path of the member, as ParseDefinition.
absl::StatusOr<ClosingRecord> ParseClosingRecord(absl::string_view json);

// What an issuer's statement key signs. `final`: the issuing key is destroyed.
std::string IssuedStatementBytes(absl::string_view poll, uint64_t issued, bool final,
                                 absl::string_view issuing_public_key);
bool VerifyIssuedStatement(absl::string_view poll, uint64_t issued, bool final,
                           absl::string_view issuing_public_key, absl::string_view statement_key,
                           absl::string_view signature);

// Adds up districts with fewer than kMinDistrictIssued credentials under "". A sum below
// kMinRemainderIssued takes in the smallest of the other districts (of equal ones the last by
// name), or is left out where there is none. The order is by district; "" is last.
std::vector<ClosingRecord::District> PublishableDistricts(
    std::vector<ClosingRecord::District> issued);

}  // namespace veche::polling::protocol
