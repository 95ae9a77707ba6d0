// Time to count the answers of 100,000 ballots by every method, and to compute the opinion map of
// 10,000 people and 200 statements, whole and after one more vote.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/polling/counting/tally.h"
#include "services/polling/opinions/opinion_map.h"

namespace veche::polling {
namespace {

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

void Print(const std::string& what, double milliseconds, const std::string& bar) {
  std::printf("%-58s %.1f ms  %s\n", what.c_str(), milliseconds, bar.c_str());
}

constexpr int kBallots = 100'000;
constexpr int kOptions = 10;

counting::Question MakeQuestion(counting::Method method) {
  counting::Question question{.method = method, .budget = 3'000'000};
  for (int i = 1; i <= kOptions; ++i) {
    question.options.push_back({.id = absl::StrCat(i), .price = 350'000 + 70'000 * i});
  }
  return question;
}

// Random answers, more often with the first options.
std::vector<std::vector<int>> MakeAnswers(const counting::Question& question) {
  std::mt19937 random(7);
  std::vector<std::vector<int>> answers;
  while (answers.size() < kBallots) {
    std::vector<std::pair<double, int>> keys;
    for (int i = 0; i < kOptions; ++i) keys.emplace_back((random() % 1000) + 60.0 * i, i);
    std::sort(keys.begin(), keys.end());
    std::vector<int> answer;
    const size_t size = 1 + random() % kOptions;
    for (const auto& [key, option] : keys) {
      answer.push_back(option);
      if (answer.size() == size || CheckAnswer(question, answer) != counting::AnswerError::kNone) {
        break;
      }
    }
    if (CheckAnswer(question, answer) != counting::AnswerError::kNone) answer.pop_back();
    if (!answer.empty()) answers.push_back(std::move(answer));
  }
  return answers;
}

void CountBallots() {
  double sum = 0;
  for (const counting::Method method :
       {counting::Method::kPlurality, counting::Method::kApproval, counting::Method::kMeanRating,
        counting::Method::kSchulze, counting::Method::kGreedy, counting::Method::kEqualShares}) {
    const counting::Question question = MakeQuestion(method);
    const std::vector<std::vector<int>> answers = MakeAnswers(question);
    const auto begin = Clock::now();
    counting::Tally tally(question);
    for (const std::vector<int>& answer : answers) tally.Add(answer);
    const counting::Result result = tally.Count();
    const double took = MillisecondsSince(begin);
    sum += took;
    const std::string raises =
        result.budget ? absl::StrCat("  raises: ", result.budget->raises) : "";
    Print(absl::StrCat("100,000 answers by ", std::string(Word(method))), took, raises);
  }
  Print("100,000 ballots with all six questions", sum, "(bar <= 1000 ms)");
}

// Votes of people in three camps; every second vote is missing.
void MapOpinions() {
  constexpr int kPeople = 10'000, kStatements = 200;
  std::mt19937 random(11);
  std::vector<std::vector<int>> leanings(3, std::vector<int>(kStatements));
  for (auto& leaning : leanings) {
    for (int& share : leaning) share = static_cast<int>(random() % 101);
  }
  struct Vote {
    int person, statement;
    opinions::Opinion opinion;
  };
  std::vector<Vote> votes;
  for (int i = 0; i < kPeople; ++i) {
    for (int j = 0; j < kStatements; ++j) {
      if (random() % 2 == 0) continue;
      const int dice = static_cast<int>(random() % 100);
      votes.push_back({i, j,
                       dice < 10                                  ? opinions::Opinion::kPass
                       : int(random() % 100) < leanings[i % 3][j] ? opinions::Opinion::kAgree
                                                                  : opinions::Opinion::kDisagree});
    }
  }
  const auto begin = Clock::now();
  opinions::VoteMatrix matrix;
  for (int j = 0; j < kStatements; ++j) matrix.AddStatement(absl::StrCat("s", j));
  for (int i = 0; i < kPeople; ++i) matrix.AddPerson(absl::StrCat("p", i));
  for (const Vote& vote : votes) matrix.Set(vote.person, vote.statement, vote.opinion);
  opinions::OpinionMap map = ComputeOpinionMap(matrix);
  Print("opinion map, 10,000 people x 200 statements: full", MillisecondsSince(begin),
        absl::StrCat("(bar <= 5000 ms)  ", votes.size(), " votes, ", map.groups.size(), " groups"));

  std::vector<double> updates;
  for (int i = 0; i < 40; ++i) {
    const int person = static_cast<int>(random() % kPeople);
    const int statement = static_cast<int>(random() % kStatements);
    const auto start = Clock::now();
    matrix.Set(person, statement, i % 2 ? opinions::Opinion::kAgree : opinions::Opinion::kDisagree);
    map = ComputeOpinionMap(matrix);
    updates.push_back(MillisecondsSince(start));
  }
  std::sort(updates.begin(), updates.end());
  Print("opinion map: update after a vote, median", updates[updates.size() / 2],
        absl::StrCat("(bar <= 50 ms)  slowest ", static_cast<int>(updates.back()), " ms"));
}

}  // namespace
}  // namespace veche::polling

int main() {
  veche::polling::CountBallots();
  veche::polling::MapOpinions();
  return 0;
}
