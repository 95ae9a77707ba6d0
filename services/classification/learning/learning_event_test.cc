#include "services/classification/learning/learning_event.h"

#include <gtest/gtest.h>

#include "services/classification/testing/learning_fakes.h"

namespace veche::classification {
namespace {

using testing::EventFields;
using testing::MakeEvent;

// The decisions of an event as texts "kind decision label previous".
std::vector<std::string> DecisionsOf(const EventFields& fields) {
  const auto learning_event = ReadLearningEvent(MakeEvent(fields));
  EXPECT_TRUE(learning_event.has_value());
  std::vector<std::string> lines;
  for (const StaffDecision& decided : learning_event->decisions) {
    lines.push_back(std::to_string(static_cast<int>(decided.kind)) + " " +
                    std::to_string(static_cast<int>(decided.decision)) + " " + decided.label + " " +
                    decided.previous);
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LearningEventTest, WhoBeginsLetsTheLabelsStand) {
  const Lines kept = {"1 1 categories/heating categories/heating",
                      "2 1 departments/housing departments/housing"};
  EXPECT_EQ(DecisionsOf({.type = "started"}), kept);
  EXPECT_EQ(DecisionsOf({.type = "resolved"}), kept);
  EXPECT_EQ(DecisionsOf({.type = "info_requested"}), Lines());
  EXPECT_EQ(DecisionsOf({.type = "rejected"}), Lines());
  EXPECT_EQ(DecisionsOf({.type = "started", .category = "", .department = ""}), Lines());
}

TEST(LearningEventTest, AChangeIsAnExampleOfWhatChanged) {
  EXPECT_EQ(DecisionsOf({.type = "assigned", .previous_category = "categories/manholes"}),
            Lines({"1 2 categories/heating categories/manholes"}));
  EXPECT_EQ(DecisionsOf({.type = "assigned", .previous_department = "departments/roads"}),
            Lines({"2 2 departments/housing departments/roads"}));
  // The model was not confident; a person decided.
  EXPECT_EQ(DecisionsOf({.type = "assigned", .previous_category = ""}),
            Lines({"1 2 categories/heating "}));
  EXPECT_EQ(DecisionsOf({.type = "assigned"}), Lines());
}

TEST(LearningEventTest, ADepartmentByARuleIsNobodysExample) {
  EXPECT_EQ(DecisionsOf({.type = "started", .routed_by = appeals::v1::Routing::RULE}),
            Lines({"1 1 categories/heating categories/heating"}));
  EXPECT_EQ(DecisionsOf({.type = "assigned",
                         .previous_department = "departments/roads",
                         .routed_by = appeals::v1::Routing::RULE}),
            Lines());
}

TEST(LearningEventTest, AMergeNamesWhatGoesOn) {
  EXPECT_EQ(DecisionsOf({.type = "merged", .merged_into = "appeals/2"}), Lines({"3 4 appeals/2 "}));
}

TEST(LearningEventTest, OnlyStaffDecide) {
  for (const char* actor : {"", "residents/ivan", "services/appeals"}) {
    EXPECT_EQ(DecisionsOf({.actor = actor, .previous_category = "categories/manholes"}), Lines());
  }
}

TEST(LearningEventTest, TheRouterTellsWhatWasSuggested) {
  const auto learning_event =
      ReadLearningEvent(MakeEvent({.type = "registered", .suggested = "categories/snow"}));
  ASSERT_TRUE(learning_event && learning_event->routing);
  EXPECT_EQ(learning_event->routing->category, "categories/snow");
  EXPECT_EQ(learning_event->routing->department, "departments/housing");
  EXPECT_EQ(learning_event->routing->model, "m1");
  EXPECT_TRUE(learning_event->decisions.empty());
}

TEST(LearningEventTest, DataThatCannotBeReadGivesNothing) {
  events::Event event = MakeEvent({});
  event.data = "\xFF\xFF";
  EXPECT_FALSE(ReadLearningEvent(event).has_value());
}

}  // namespace
}  // namespace veche::classification
