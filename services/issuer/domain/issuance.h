#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// How many credentials were issued, as it is published.

namespace veche::issuer {

// Credentials by "districts/{id}"; "" has residents without a district.
using DistrictCounts = std::map<std::string, int64_t, std::less<>>;

int64_t Sum(const DistrictCounts& counts);

struct DistrictCount {
  std::string district;  // "" for the rest
  int64_t count = 0;

  friend bool operator==(const DistrictCount&, const DistrictCount&) = default;
};
// Districts with at least 50 credentials by name, then the rest in one entry. A rest below 10 takes
// in the smallest named district, of equal ones the last by name. The counts add up to Sum; empty
// when that is below 10. The same rule as polling::protocol::PublishableDistricts, by which polls
// are verified.
std::vector<DistrictCount> PublishedCounts(const DistrictCounts& counts);

// What the issuer's statement signs: docs/polling-protocol.md, section 5. `public_key` is the
// poll's key as SubjectPublicKeyInfo. REQUIRES: poll.size() < 65536.
std::string StatementText(absl::string_view poll, int64_t issued, bool closed,
                          absl::string_view public_key);

}  // namespace veche::issuer
