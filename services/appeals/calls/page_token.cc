#include "services/appeals/calls/page_token.h"

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/message.h"
#include "services/appeals/domain/keys.h"

namespace veche::appeals {
namespace {

constexpr size_t kPageBytes = 1'500'000;
constexpr int kDefaultPage = 20;
constexpr int kLargestPage = 200;

}  // namespace

int64_t FingerprintOf(const google::protobuf::Message& request, absl::string_view caller) {
  std::unique_ptr<google::protobuf::Message> filters(request.New());
  filters->CopyFrom(request);
  for (const char* field : {"page_size", "page_token"}) {
    filters->GetReflection()->ClearField(filters.get(),
                                         filters->GetDescriptor()->FindFieldByName(field));
  }
  return TermKey(absl::StrCat(filters->SerializeAsString(), "|", caller));
}

std::string MakePageToken(const std::vector<int64_t>& place, int64_t fingerprint) {
  return absl::WebSafeBase64Escape(absl::StrCat(absl::StrJoin(place, ","), ",", fingerprint));
}

std::optional<std::vector<int64_t>> ReadPageToken(absl::string_view token, size_t numbers,
                                                  int64_t fingerprint, Violations& violations) {
  if (token.empty()) return std::nullopt;
  std::string text;
  std::vector<int64_t> place;
  if (absl::WebSafeBase64Unescape(token, &text)) {
    for (absl::string_view part : absl::StrSplit(text, ',')) {
      if (int64_t number = 0; absl::SimpleAtoi(part, &number)) place.push_back(number);
    }
  }
  if (place.size() != numbers + 1 || place.back() != fingerprint) {
    violations.Add("pageToken", "PAGE_TOKEN");
    return std::nullopt;
  }
  place.pop_back();
  return place;
}

int PageSize(int wanted, Violations& violations) {
  if (wanted < 0) violations.Add("pageSize", "NEGATIVE");
  return wanted <= 0 ? kDefaultPage : std::min(wanted, kLargestPage);
}

bool PageBudget::Fits(const google::protobuf::Message& item) {
  bytes_ += item.ByteSizeLong();
  return items_++ == 0 || bytes_ <= kPageBytes;
}

}  // namespace veche::appeals
