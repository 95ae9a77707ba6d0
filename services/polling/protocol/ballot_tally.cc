#include "services/polling/protocol/ballot_tally.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"
#include "services/polling/counting/tally.h"

namespace veche::polling::protocol {
namespace {

// Numbers of options beyond all limits stay beyond them.
int AsInt(int64_t number) {
  return static_cast<int>(std::min<int64_t>(number, std::numeric_limits<int>::max()));
}

}  // namespace

absl::StatusOr<counting::Question> CountingQuestion(const Definition::Question& question) {
  const auto type = counting::FindQuestionType(question.type);
  if (!type) return absl::InvalidArgumentError("has an unknown type");
  const auto method = counting::FindMethod(question.method);
  if (!method) return absl::InvalidArgumentError("has an unknown method");
  counting::Question counted{.method = *method,
                             .min = AsInt(question.min),
                             .max = AsInt(question.max),
                             .budget = question.budget};
  for (const Definition::Option& option : question.options) {
    counted.options.push_back({.id = option.id, .price = option.price});
  }
  const counting::QuestionError error = counting::CheckQuestion(counted, *type);
  if (error != counting::QuestionError::kNone) {
    return absl::InvalidArgumentError(absl::StrCat("cannot be counted: ", counting::Word(error)));
  }
  return counted;
}

std::vector<int> CountingAnswer(const counting::Question& question,
                                const std::vector<std::string>& options) {
  std::vector<int> indexes;
  indexes.reserve(options.size());
  for (const std::string& option : options) {
    indexes.push_back(counting::FindOption(question, option));
  }
  return indexes;
}

BallotTally::BallotTally(const Definition& definition) {
  for (const Definition::Question& question : definition.questions) {
    ids_.push_back(question.id);
    questions_.push_back(*CountingQuestion(question));
  }
}

void BallotTally::Add(const Ballot& ballot) {
  Vote& vote = voters_[crypto::Sha256(ballot.voter_key)];
  if (vote.counter >= ballot.counter) return;
  vote = {.counter = ballot.counter};
  for (size_t i = 0; i < questions_.size(); ++i) {
    std::vector<int> indexes;
    for (const Answer& answer : ballot.answers) {
      if (answer.question == ids_[i]) indexes = CountingAnswer(questions_[i], answer.options);
    }
    vote.answers += static_cast<char>(indexes.size());
    for (const int index : indexes) vote.answers += static_cast<char>(index);
  }
}

std::vector<counting::Result> BallotTally::Count() const {
  std::vector<counting::Tally> tallies(questions_.begin(), questions_.end());
  std::vector<int> answer;
  for (const auto& [voter, vote] : voters_) {
    size_t at = 0;
    for (counting::Tally& tally : tallies) {
      const size_t options = static_cast<unsigned char>(vote.answers[at++]);
      answer.assign(vote.answers.begin() + static_cast<ptrdiff_t>(at),
                    vote.answers.begin() + static_cast<ptrdiff_t>(at + options));
      at += options;
      if (answer.empty()) {
        tally.AddSkipped();
      } else {
        tally.Add(answer);
      }
    }
  }
  std::vector<counting::Result> results;
  results.reserve(tallies.size());
  for (const counting::Tally& tally : tallies) results.push_back(tally.Count());
  return results;
}

}  // namespace veche::polling::protocol
