#include "common/api/page.h"

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/stable_hash.h"
#include "google/protobuf/message.h"

namespace veche::api {
namespace {

constexpr size_t kPageBytes = 1'500'000;

void RefuseToken(Violations& violations) { violations.Add("pageToken", "PAGE_TOKEN"); }

// A hash of the caller and the request without its page fields: "3f0a…." in hexadecimal digits.
std::string FingerprintOf(const google::protobuf::Message& request, absl::string_view caller) {
  std::unique_ptr<google::protobuf::Message> filters(request.New());
  filters->CopyFrom(request);
  for (const char* field : {"page_size", "page_token"}) {
    filters->GetReflection()->ClearField(filters.get(),
                                         filters->GetDescriptor()->FindFieldByName(field));
  }
  const uint64_t hash = StableHash(absl::StrCat(filters->SerializeAsString(), "|", caller));
  return absl::StrCat(absl::Hex(hash, absl::kZeroPad16), ".");
}

}  // namespace

Page::Page(const google::protobuf::Message& request, absl::string_view caller,
           Violations& violations)
    : fingerprint_(FingerprintOf(request, caller)) {
  const auto& type = *request.GetDescriptor();
  const auto& reflection = *request.GetReflection();
  const int wanted = reflection.GetInt32(request, type.FindFieldByName("page_size"));
  if (wanted < 0) violations.Add("pageSize", "NEGATIVE");
  size_ = wanted <= 0 ? kDefaultPageSize : std::min(wanted, kLargestPageSize);

  const std::string token = reflection.GetString(request, type.FindFieldByName("page_token"));
  if (token.empty()) return;
  std::string text;
  absl::string_view place;
  if (absl::WebSafeBase64Unescape(token, &text)) {
    place = text;
    if (!absl::ConsumePrefix(&place, fingerprint_)) place = "";
  }
  if (place.empty()) RefuseToken(violations);
  place_ = std::string(place);
}

std::string Page::Place(bool (*is_valid)(absl::string_view), Violations& violations) const {
  if (place_.empty() || is_valid(place_)) return place_;
  RefuseToken(violations);
  return "";
}

std::optional<std::vector<int64_t>> Page::Numbers(size_t count, Violations& violations) const {
  if (place_.empty()) return std::nullopt;
  std::vector<int64_t> numbers;
  for (absl::string_view part : absl::StrSplit(place_, ',')) {
    if (int64_t number = 0; absl::SimpleAtoi(part, &number)) numbers.push_back(number);
  }
  if (numbers.size() == count) return numbers;
  RefuseToken(violations);
  return std::nullopt;
}

std::string Page::TokenAfter(absl::string_view place) const {
  return absl::WebSafeBase64Escape(absl::StrCat(fingerprint_, place));
}

std::string Page::TokenAfter(std::initializer_list<int64_t> place) const {
  return TokenAfter(absl::StrJoin(place, ","));
}

bool PageBudget::Fits(const google::protobuf::Message& item) {
  bytes_ += item.ByteSizeLong();
  return items_++ == 0 || bytes_ <= kPageBytes;
}

}  // namespace veche::api
