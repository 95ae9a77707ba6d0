#include "services/issuer/domain/issuance.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"

namespace veche::issuer {
namespace {

constexpr int64_t kLeastNamed = 50;
constexpr int64_t kLeastRest = 10;

std::string BigEndian(uint64_t number, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text.push_back(static_cast<char>(number >> (8 * i)));
  return text;
}

}  // namespace

int64_t Sum(const DistrictCounts& counts) {
  int64_t sum = 0;
  for (const auto& [district, count] : counts) sum += count;
  return sum;
}

std::vector<DistrictCount> PublishedCounts(const DistrictCounts& counts) {
  std::vector<DistrictCount> named;
  int64_t rest = 0;
  for (const auto& [district, count] : counts) {
    if (!district.empty() && count >= kLeastNamed) {
      named.push_back({district, count});
    } else {
      rest += count;
    }
  }
  if (rest > 0 && rest < kLeastRest && !named.empty()) {
    const auto smallest =
        std::min_element(named.begin(), named.end(), [](const auto& a, const auto& b) {
          return a.count != b.count ? a.count < b.count : a.district > b.district;
        });
    rest += smallest->count;
    named.erase(smallest);
  }
  if (rest >= kLeastRest) named.push_back({"", rest});
  return named;
}

std::string StatementText(absl::string_view poll, int64_t issued, bool closed,
                          absl::string_view public_key) {
  return absl::StrCat("veche/issued/v1", BigEndian(poll.size(), 2), poll,
                      BigEndian(static_cast<uint64_t>(issued), 8), BigEndian(closed ? 1 : 0, 1),
                      crypto::Sha256(public_key));
}

}  // namespace veche::issuer
