#include "services/classification/classifier/reference.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/domain/tsv.h"

namespace veche::classification {
namespace {

absl::string_view SeedFile(absl::string_view name) {
  for (const EmbeddedFile& file : SeedFiles()) {
    if (file.name == name) return file.content;
  }
  return "";
}

// Tests check the embedded data; a mistake there must not pass silently.
template <typename T>
const T* OrDie(absl::string_view what, absl::StatusOr<T> built) {
  if (!built.ok()) {
    std::fprintf(stderr, "built-in %s: %s\n", std::string(what).c_str(),
                 built.status().ToString().c_str());
    std::abort();
  }
  return new T(*std::move(built));
}

absl::StatusOr<std::vector<Topic>> ParseTopics(absl::string_view text) {
  ASSIGN_OR_RETURN(const Table table,
                   ParseTable(text, {"topic", "group", "title_ru", "title_tt", "title_uk",
                                     "title_en", "department_kind", "response_hours"}));
  std::vector<Topic> topics;
  for (const TableRow& row : table.rows) {
    const std::vector<std::string>& cells = row.cells;
    Topic topic = {.id = cells[0],
                   .group = cells[1],
                   .titles = {cells[2], cells[3], cells[4], cells[5]},
                   .department_kind = cells[6]};
    if (!absl::SimpleAtoi(cells[7], &topic.response_hours) || topic.response_hours <= 0) {
      return LineError(row.line, "response_hours is not a positive number");
    }
    topics.push_back(std::move(topic));
  }
  std::sort(topics.begin(), topics.end(),
            [](const Topic& left, const Topic& right) { return left.id < right.id; });
  return topics;
}

}  // namespace

const std::string& Titles::In(text::Language language) const {
  switch (language) {
    case text::Language::kTatar:
      return tatar;
    case text::Language::kUkrainian:
      return ukrainian;
    case text::Language::kEnglish:
      return english;
    case text::Language::kRussian:
    case text::Language::kUnknown:
      break;
  }
  return russian;
}

const std::vector<Topic>& Topics() {
  static const auto* const topics = OrDie("topics", ParseTopics(SeedFile("topics.tsv")));
  return *topics;
}

const Topic* FindTopic(absl::string_view id) {
  const std::vector<Topic>& topics = Topics();
  const auto found =
      std::lower_bound(topics.begin(), topics.end(), id,
                       [](const Topic& topic, absl::string_view key) { return topic.id < key; });
  return found != topics.end() && found->id == id ? &*found : nullptr;
}

const EmergencyRules& DefaultEmergencyRules() {
  static const auto* const rules =
      OrDie("emergency rules",
            EmergencyRules::Parse(SeedFile("emergencies.tsv"), SeedFile("advice.tsv")));
  return *rules;
}

const PriorityRules& DefaultPriorityRules() {
  static const auto* const rules =
      OrDie("priority rules", PriorityRules::Parse(SeedFile("priorities.tsv")));
  return *rules;
}

const ModerationRules& DefaultModerationRules() {
  static const auto* const rules =
      OrDie("moderation rules", ModerationRules::Parse(SeedFile("moderation.tsv")));
  return *rules;
}

const WordingModel& DefaultWording() {
  static const auto* const wording =
      OrDie("model of wording", WordingModel::Parse(WordingModelFile()[0].content));
  return *wording;
}

}  // namespace veche::classification
