#include "services/polling/domain/comment_rules.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/id.h"
#include "common/text/letters.h"
#include "common/text/normalize.h"

namespace veche::polling {
namespace {

constexpr CommentLimits kNewLimits = {
    .short_count = 3, .short_time = absl::Minutes(10), .day_count = 10};
constexpr CommentLimits kLimits = {
    .short_count = 20, .short_time = absl::Minutes(10), .day_count = 200};
constexpr int kMostLinks = 2;
constexpr size_t kLongestRun = 10;    // of one character
constexpr size_t kLeastLetters = 20;  // before capitals are counted
constexpr size_t kCapitalsPercent = 70;
constexpr size_t kLeastWords = 10;  // before repeated words are counted
constexpr size_t kOneWordPercent = 50;

int CountLinks(absl::string_view text) {
  const std::string folded = text::Fold(text);
  int links = 0;
  for (absl::string_view word : absl::StrSplit(folded, ' ', absl::SkipEmpty())) {
    links += absl::StrContains(word, "://") || absl::StrContains(word, "www.") ||
             absl::StrContains(word, "t.me/");
  }
  return links;
}

bool RepeatsOneWord(absl::string_view text) {
  const std::string folded = text::Fold(text);
  std::vector<absl::string_view> words = absl::StrSplit(folded, ' ', absl::SkipEmpty());
  if (words.size() < kLeastWords) return false;
  std::sort(words.begin(), words.end());
  size_t most = 0, run = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    run = i > 0 && words[i] == words[i - 1] ? run + 1 : 1;
    most = std::max(most, run);
  }
  return most * 100 > words.size() * kOneWordPercent;
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

Text SpamProblem(absl::string_view text, absl::Duration account_age,
                 absl::Span<const std::string> recent) {
  const int links = CountLinks(text);
  if (links > 0 && account_age < kNewAccount) {
    return {"LINKS_NOT_YET", {{"days", absl::StrCat(kNewAccount / absl::Hours(24))}}};
  }
  if (links > kMostLinks) return {"TOO_MANY_LINKS", {{"most", absl::StrCat(kMostLinks)}}};
  const std::string folded = text::Fold(text);
  for (const std::string& earlier : recent) {
    if (text::Fold(earlier) == folded) return Text("SAID_ALREADY");
  }
  const text::LetterCounts counts = text::CountLetters(text);
  if (counts.letters >= kLeastLetters &&
      counts.capitals * 100 > counts.letters * kCapitalsPercent) {
    return Text("TOO_MANY_CAPITALS");
  }
  if (counts.longest_run >= kLongestRun || RepeatsOneWord(text)) return Text("REPEATS_ITSELF");
  return {};
}

}  // namespace veche::polling
