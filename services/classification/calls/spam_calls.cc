#include "services/classification/calls/spam_calls.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"

namespace veche::classification {
namespace {

constexpr size_t kMaxCharacters = 100'000;
constexpr int kMaxRecent = 20;

using Wire = v1::AssessSpamResponse;
constexpr bool Same(SpamFeature feature, Wire::Reason reason) {
  return static_cast<int>(feature) == static_cast<int>(reason);
}
static_assert(Same(SpamFeature::kAdvertising, Wire::ADVERTISING));
static_assert(Same(SpamFeature::kLinks, Wire::LINKS));
static_assert(Same(SpamFeature::kContacts, Wire::CONTACTS));
static_assert(Same(SpamFeature::kCapitals, Wire::CAPITALS));
static_assert(Same(SpamFeature::kRepetition, Wire::REPETITION));
static_assert(Same(SpamFeature::kSaidBefore, Wire::SAID_BEFORE));
static_assert(Same(SpamFeature::kMixedAlphabets, Wire::MIXED_ALPHABETS));

void CheckText(const std::string& text, absl::string_view field, Violations& violations) {
  const Text problem =
      text::TextProblem(text, {.min_characters = 1, .max_characters = kMaxCharacters});
  if (!problem.empty()) violations.Add(field, problem);
}

}  // namespace

absl::StatusOr<v1::AssessSpamResponse> SpamCalls::AssessSpam(const rpc::Call&,
                                                             const v1::AssessSpamRequest& request,
                                                             Violations violations) {
  CheckText(request.text(), "text", violations);
  if (request.recent_texts_size() > kMaxRecent) {
    violations.Add("recentTexts", {"TOO_MANY", {{"most", absl::StrCat(kMaxRecent)}}});
  }
  for (int i = 0; i < request.recent_texts_size(); ++i) {
    CheckText(request.recent_texts(i), absl::StrCat("recentTexts[", i, "]"), violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  const SpamAssessment assessment = model_.Assess(
      request.text(),
      std::vector<std::string>(request.recent_texts().begin(), request.recent_texts().end()));
  v1::AssessSpamResponse response;
  response.set_probability(assessment.probability);
  for (const SpamFeature reason : assessment.reasons) {
    response.add_reasons(static_cast<Wire::Reason>(reason));
  }
  return response;
}

}  // namespace veche::classification
