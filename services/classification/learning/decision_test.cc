#include "services/classification/learning/decision.h"

#include <gtest/gtest.h>

#include "services/classification/testing/learning_testing.h"

namespace veche::classification {
namespace {

using testing::EventFields;
using testing::MakeEvent;

// The decisions of an event as text: "kind decision label previous".
std::vector<std::string> DecisionsOf(const EventFields& fields) {
  const auto lesson = ReadLesson(MakeEvent(fields));
  EXPECT_TRUE(lesson.has_value());
  std::vector<std::string> lines;
  for (const Decided& decided : lesson->decisions) {
    lines.push_back(std::to_string(static_cast<int>(decided.kind)) + " " +
                    std::to_string(static_cast<int>(decided.decision)) + " " + decided.label + " " +
                    decided.previous);
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(DecisionTest, WhoBeginsLetsTheLabelsStand) {
  const Lines kept = {"1 1 categories/heating categories/heating",
                      "2 1 departments/housing departments/housing"};
  EXPECT_EQ(DecisionsOf({.type = "started"}), kept);
  EXPECT_EQ(DecisionsOf({.type = "resolved"}), kept);
  EXPECT_EQ(DecisionsOf({.type = "info_requested"}), Lines());
  EXPECT_EQ(DecisionsOf({.type = "rejected"}), Lines());
  EXPECT_EQ(DecisionsOf({.type = "started", .category = "", .department = ""}), Lines());
}

TEST(DecisionTest, AChangeIsAnExampleOfWhatChanged) {
  EXPECT_EQ(DecisionsOf({.type = "assigned", .previous_category = "categories/manholes"}),
            Lines({"1 2 categories/heating categories/manholes"}));
  EXPECT_EQ(DecisionsOf({.type = "assigned", .previous_department = "departments/roads"}),
            Lines({"2 2 departments/housing departments/roads"}));
  // Nobody had known; a person did.
  EXPECT_EQ(DecisionsOf({.type = "assigned", .previous_category = ""}),
            Lines({"1 2 categories/heating "}));
  EXPECT_EQ(DecisionsOf({.type = "assigned"}), Lines());
}

TEST(DecisionTest, ADepartmentByARuleIsNobodysExample) {
  EXPECT_EQ(DecisionsOf({.type = "started", .routed_by = appeals::v1::Routing::RULE}),
            Lines({"1 1 categories/heating categories/heating"}));
  EXPECT_EQ(DecisionsOf({.type = "assigned",
                         .previous_department = "departments/roads",
                         .routed_by = appeals::v1::Routing::RULE}),
            Lines());
}

TEST(DecisionTest, AMergeNamesWhatGoesOn) {
  EXPECT_EQ(DecisionsOf({.type = "merged", .merged_into = "appeals/2"}), Lines({"3 4 appeals/2 "}));
}

TEST(DecisionTest, OnlyStaffDecide) {
  for (const char* actor : {"", "residents/ivan", "services/appeals"}) {
    EXPECT_EQ(DecisionsOf({.actor = actor, .previous_category = "categories/manholes"}), Lines());
  }
}

TEST(DecisionTest, TheRouterTellsWhatWasSuggested) {
  const auto lesson = ReadLesson(MakeEvent({.type = "registered", .suggested = "categories/snow"}));
  ASSERT_TRUE(lesson && lesson->routing);
  EXPECT_EQ(lesson->routing->category, "categories/snow");
  EXPECT_EQ(lesson->routing->department, "departments/housing");
  EXPECT_EQ(lesson->routing->model, "m1");
  EXPECT_TRUE(lesson->decisions.empty());
}

TEST(DecisionTest, WhatCannotBeReadIsNoLesson) {
  events::Event event = MakeEvent({});
  event.data = "\xFF\xFF";
  EXPECT_FALSE(ReadLesson(event).has_value());
}

}  // namespace
}  // namespace veche::classification
