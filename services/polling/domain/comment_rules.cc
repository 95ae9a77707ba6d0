#include "services/polling/domain/comment_rules.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/id.h"
#include "common/text/normalize.h"

namespace veche::polling {
namespace {

constexpr CommentLimits kNewLimits = {
    .short_count = 3, .short_time = absl::Minutes(10), .day_count = 10};
constexpr CommentLimits kLimits = {
    .short_count = 20, .short_time = absl::Minutes(10), .day_count = 200};
constexpr int kMostLinks = 2;

int CountLinks(absl::string_view text) {
  const std::string folded = text::Fold(text);
  int links = 0;
  for (absl::string_view word : absl::StrSplit(folded, ' ', absl::SkipEmpty())) {
    links += absl::StrContains(word, "://") || absl::StrContains(word, "www.") ||
             absl::StrContains(word, "t.me/");
  }
  return links;
}

}  // namespace

absl::Duration AccountAge(absl::string_view resident, absl::Time now) {
  absl::string_view id = resident;
  if (!absl::ConsumePrefix(&id, "residents/")) return absl::InfiniteDuration();
  const auto created = UlidTime(id);
  return created.ok() ? now - *created : absl::InfiniteDuration();
}

CommentLimits LimitsFor(absl::Duration account_age) {
  return account_age < kNewAccount ? kNewLimits : kLimits;
}

absl::Duration WaitBeforeNext(const CommentLimits& limits, absl::Span<const absl::Time> written,
                              absl::Time now) {
  absl::Duration wait = absl::ZeroDuration();
  const auto consider = [&](int count, absl::Duration within) {
    if (written.size() < static_cast<size_t>(count)) return;
    // The comment that has to become older than `within` before another may be written.
    wait = std::max(wait, written[static_cast<size_t>(count) - 1] + within - now);
  };
  consider(limits.short_count, limits.short_time);
  consider(limits.day_count, absl::Hours(24));
  return wait;
}

Text SpamProblem(absl::string_view text, absl::Span<const std::string> recent) {
  if (CountLinks(text) > kMostLinks) {
    return {"TOO_MANY_LINKS", {{"most", absl::StrCat(kMostLinks)}}};
  }
  const std::string folded = text::Fold(text);
  for (const std::string& earlier : recent) {
    if (text::Fold(earlier) == folded) return Text("SAID_ALREADY");
  }
  return {};
}

}  // namespace veche::polling
