#include "services/polling/protocol/closing_record.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/crypto/ed25519.h"
#include "common/crypto/sha256.h"
#include "services/polling/protocol/bytes.h"
#include "services/polling/protocol/canonical_json.h"

namespace veche::polling::protocol {
namespace {

using simdjson::dom::element;

constexpr absl::string_view kIssuedMark = "veche/issued/v1";

std::string EncodeDistrict(const ClosingRecord::District& district) {
  return JsonObjectWriter()
      .String("district", district.district)
      .Integer("issued", district.issued)
      .Take();
}

std::string EncodeIssuer(const ClosingRecord::Issuer& issuer) {
  return JsonObjectWriter()
      .String("name", issuer.name)
      .Integer("issued", issuer.issued)
      .Base64("statement", issuer.statement)
      .Array("districts", issuer.districts, EncodeDistrict)
      .Take();
}

ClosingRecord::Issuer ReadIssuer(element value, std::string path, absl::Status* status) {
  JsonObjectReader object(value, std::move(path), {"name", "issued", "statement", "districts"},
                          status);
  ClosingRecord::Issuer issuer{.name = object.String("name"),
                               .issued = object.Integer("issued"),
                               .statement = object.Base64("statement", 64)};
  object.Array("districts", [&](element item, std::string item_path) {
    JsonObjectReader district(item, std::move(item_path), {"district", "issued"}, status);
    issuer.districts.push_back(
        {.district = district.String("district"), .issued = district.Integer("issued")});
  });
  return issuer;
}

}  // namespace

std::string EncodeClosingRecord(const ClosingRecord& record) {
  return JsonObjectWriter()
      .Integer("closeTime", record.close_time)
      .Integer("eligible", record.eligible)
      .Array("issuers", record.issuers, EncodeIssuer)
      .Take();
}

absl::StatusOr<ClosingRecord> ParseClosingRecord(absl::string_view json) {
  simdjson::dom::parser parser;
  element value;
  if (parser.parse(json.data(), json.size()).get(value) != simdjson::SUCCESS) {
    return JsonFault("", "is not JSON");
  }
  absl::Status status;
  JsonObjectReader root(value, "", {"closeTime", "eligible", "issuers"}, &status);
  ClosingRecord record{.close_time = root.Integer("closeTime"),
                       .eligible = root.Integer("eligible")};
  root.Array("issuers", [&](element item, std::string path) {
    record.issuers.push_back(ReadIssuer(item, std::move(path), &status));
  });
  if (!status.ok()) return status;
  if (EncodeClosingRecord(record) != json) return JsonFault("", "is not canonical JSON");
  return record;
}

std::string IssuedStatementBytes(absl::string_view poll, uint64_t issued, bool final,
                                 absl::string_view issuing_public_key) {
  std::string bytes(kIssuedMark);
  AppendString(poll, bytes);
  AppendU64(issued, bytes);
  bytes += static_cast<char>(final ? 1 : 0);
  absl::StrAppend(&bytes, crypto::Sha256(issuing_public_key));
  return bytes;
}

bool VerifyIssuedStatement(absl::string_view poll, uint64_t issued, bool final,
                           absl::string_view issuing_public_key, absl::string_view statement_key,
                           absl::string_view signature) {
  const crypto::EvpKey key = crypto::Ed25519FromPublic(statement_key);
  return key != nullptr &&
         crypto::Ed25519Verify(*key, IssuedStatementBytes(poll, issued, final, issuing_public_key),
                               signature);
}

std::vector<ClosingRecord::District> PublishableDistricts(
    std::vector<ClosingRecord::District> issued) {
  std::sort(issued.begin(), issued.end(), [](const auto& a, const auto& b) {
    return std::make_pair(-a.issued, a.district) < std::make_pair(-b.issued, b.district);
  });
  int64_t remainder = 0;
  std::vector<ClosingRecord::District> published;
  for (ClosingRecord::District& district : issued) {
    if (district.district.empty() || district.issued < kMinDistrictIssued) {
      remainder += district.issued;
    } else {
      published.push_back(std::move(district));
    }
  }
  // Whoever knows the total computes a sum that is left out, so another district hides a small one.
  if (remainder > 0 && remainder < kMinRemainderIssued && !published.empty()) {
    remainder += published.back().issued;
    published.pop_back();
  }
  std::sort(published.begin(), published.end(),
            [](const auto& a, const auto& b) { return a.district < b.district; });
  if (remainder >= kMinRemainderIssued) published.push_back({.district = "", .issued = remainder});
  return published;
}

}  // namespace veche::polling::protocol
