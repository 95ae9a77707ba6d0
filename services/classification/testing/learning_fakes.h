#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/events/event_log.h"
#include "services/classification/learning/candidate.h"
#include "services/classification/learning/departments.h"
#include "services/classification/learning/texts.h"
#include "services/classification/model/model_file.h"
#include "veche/appeals/v1/events.pb.h"

// Events, examples and fakes for the tests of learning.

namespace veche::classification::testing {

struct EventFields {
  std::string type = "started";
  std::string appeal = "appeals/1";
  std::string actor = "staff/ann";
  std::string category = "categories/heating";
  std::string department = "departments/housing";
  std::optional<std::string> previous_category = std::nullopt;
  std::optional<std::string> previous_department = std::nullopt;
  std::string merged_into = "";
  std::string suggested = "";  // if set, the event is one of the router
  bool confident = true;
  int64_t second = 0;  // of TimeAt
  appeals::v1::Routing::By routed_by = appeals::v1::Routing::CATEGORY;
};

inline absl::Time TimeAt(int64_t second) { return absl::FromUnixSeconds(1'790'000'000 + second); }

inline events::Event MakeEvent(const EventFields& fields) {
  appeals::v1::AppealEvent data;
  data.set_appeal(fields.appeal);
  data.set_actor(fields.actor);
  data.set_category(fields.category);
  data.set_department(fields.department);
  if (fields.previous_category) data.set_previous_category(*fields.previous_category);
  if (fields.previous_department) data.set_previous_department(*fields.previous_department);
  data.set_merged_into(fields.merged_into);
  data.set_routed_by(fields.routed_by);
  if (!fields.suggested.empty()) {
    data.set_actor("");
    data.mutable_suggestion()->set_category(fields.suggested);
    data.mutable_suggestion()->set_model("m1");
    data.mutable_suggestion()->set_confident(fields.confident);
  }
  return {.id = "event",
          .type = "veche.appeals." + fields.type,
          .subject = fields.appeal,
          .time = TimeAt(fields.second),
          .data = data.SerializeAsString()};
}

// Examples of two topics: enough for a model that is right or wrong, and quickly trained.
inline const std::vector<Example>& SmallSeed() {
  static const std::vector<Example>& examples = *new std::vector<Example>([] {
    std::vector<Example> all;
    for (const char* text : {"Батареи холодные", "В квартире холодно, нет отопления",
                             "Отопление не включили", "Холодные батареи в подъезде"}) {
      all.push_back({.text = text, .topic = "heating", .origin = Example::Origin::kSeed});
    }
    for (const char* text :
         {"Открытый люк на тротуаре", "Люк без крышки", "Провалился люк", "Крышка люка сломана"}) {
      all.push_back({.text = text, .topic = "manholes", .origin = Example::Origin::kSeed});
    }
    return all;
  }());
  return examples;
}

// A text with a word that the seed does not have. Every text begins differently, because texts that
// begin alike count as copies.
inline std::string LocalText(int i) {
  static constexpr absl::string_view kWords[] = {"утром",    "вечером", "сегодня", "соседи",
                                                 "дети",     "снова",   "опять",   "давно",
                                                 "помогите", "ребята"};
  return absl::StrCat(kWords[i % 10], " ", kWords[i / 10 % 10], " бламба номер ", i,
                      " на нашей улице");
}

inline BaseExamples SmallBaseExamples() { return {.examples = SmallSeed()}; }

// A classifier trained on the small seed.
inline std::shared_ptr<const Classifier> SeedClassifier() {
  const auto made = TrainCandidate({{.labelled = {.example = {"Нет отопления", "heating"}}}},
                                   {.base = SmallBaseExamples()});
  auto model = ParseModel(made->bytes);
  return std::make_shared<const Classifier>(*Classifier::Create(*std::move(model)));
}

// Texts that a test sets before use.
class FakeTexts final : public TextSource {
 public:
  absl::StatusOr<std::map<std::string, AppealText>> Fetch(
      absl::Span<const std::string> appeals) override {
    if (!status.ok()) return status;
    std::map<std::string, AppealText> found;
    for (const std::string& appeal : appeals) {
      if (const auto it = texts.find(appeal); it != texts.end()) found.insert(*it);
    }
    return found;
  }

  std::map<std::string, AppealText> texts;
  absl::Status status;
};

// Departments that a test sets before use.
class FakeDepartments final : public DepartmentSource {
 public:
  absl::StatusOr<std::map<std::string, std::string>> Kinds() override {
    if (!status.ok()) return status;
    return kinds;
  }

  std::map<std::string, std::string> kinds = {{"departments/heat_networks", "housing"},
                                              {"departments/road_works", "roads"}};
  absl::Status status;
};

}  // namespace veche::classification::testing
