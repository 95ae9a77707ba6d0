#include "services/classification/learning/selection.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace veche::classification {
namespace {

// `count` decisions of one person, newest first.
std::vector<StaffDecision> Of(const std::string& staff, int count,
                              Decision decision = Decision::kChanged) {
  std::vector<StaffDecision> decisions;
  for (int i = count; i > 0; --i) {
    decisions.push_back({.appeal = absl::StrCat("appeals/", staff, i),
                         .decision = decision,
                         .label = "categories/a",
                         .staff = staff,
                         .time = absl::FromUnixSeconds(i)});
  }
  return decisions;
}

int CountOf(const std::vector<StaffDecision>& decisions, const std::string& staff) {
  int count = 0;
  for (const StaffDecision& decided : decisions) count += decided.staff == staff ? 1 : 0;
  return count;
}

TEST(SelectionTest, OnePersonCannotOwnTheModel) {
  std::vector<StaffDecision> decisions = Of("staff/poisoner", 10'000);
  for (int i = 0; i < 50; ++i) {
    const auto honest = Of(absl::StrCat("staff/", i), 100);
    decisions.insert(decisions.end(), honest.begin(), honest.end());
  }
  const auto kept = CapStaff(decisions, 0.05, 10);
  const int poisoned = CountOf(kept, "staff/poisoner");
  EXPECT_LE(poisoned, 0.05 * static_cast<double>(kept.size()) + 1);
  EXPECT_GT(poisoned, 200);
  EXPECT_EQ(CountOf(kept, "staff/7"), 100);
  EXPECT_EQ(kept.front().appeal, "appeals/staff/poisoner10000") << "the newest stay";
}

struct TownCase {
  int people;
  int each;
  double base_weight;
  int least, most;  // decisions of each person that are kept
};

// Nobody has more than a twentieth of the total weight, even if few people decide.
TEST(SelectionTest, WithFewPeopleTheCapIsAShareOfTheBaseWeight) {
  const TownCase cases[] = {
      {.people = 1, .each = 200, .base_weight = 5000, .least = 200, .most = 200},
      {.people = 1, .each = 10'000, .base_weight = 5000, .least = 262, .most = 263},
      {.people = 2, .each = 10'000, .base_weight = 5000, .least = 276, .most = 277},
      {.people = 3, .each = 10'000, .base_weight = 5000, .least = 293, .most = 294},
      {.people = 3, .each = 10'000, .base_weight = 20'000, .least = 1175, .most = 1176},
      {.people = 25, .each = 1000, .base_weight = 5000, .least = 1000, .most = 1000},
      {.people = 1, .each = 200, .base_weight = 0, .least = 0, .most = 0},
  };
  for (const TownCase& c : cases) {
    std::vector<StaffDecision> decisions;
    for (int i = 0; i < c.people; ++i) {
      const auto own = Of(absl::StrCat("staff/", i), c.each);
      decisions.insert(decisions.end(), own.begin(), own.end());
    }
    const auto kept = CapStaff(std::move(decisions), 0.05, c.base_weight);
    const int own = CountOf(kept, "staff/0");
    EXPECT_GE(own, c.least) << c.people << " " << c.each;
    EXPECT_LE(own, c.most) << c.people << " " << c.each;
    EXPECT_LE(own, 0.05 * (c.base_weight + static_cast<double>(kept.size())) + 1e-6);
  }
}

TEST(SelectionTest, WhatWasOnlyKeptWeighsHalf) {
  EXPECT_EQ(CapStaff(Of("staff/a", 300, Decision::kKept), 0.05, 1900).size(), 200u);
  EXPECT_EQ(CapStaff(Of("staff/a", 300), 0.05, 1900).size(), 100u);
  EXPECT_TRUE(CapStaff({}, 0.05, 100).empty());
}

TEST(SelectionTest, ARepeatIsAboutWhatItRepeats) {
  const std::vector<StaffDecision> categories = {
      {.appeal = "appeals/target", .label = "categories/a", .time = absl::FromUnixSeconds(5)},
      {.appeal = "appeals/known", .label = "categories/b", .time = absl::FromUnixSeconds(1)}};
  const auto merge = [](const char* appeal, const char* into) {
    return StaffDecision{.appeal = appeal,
                         .kind = LabelKind::kMerge,
                         .decision = Decision::kMerged,
                         .label = into,
                         .time = absl::FromUnixSeconds(3)};
  };
  const auto all = WithMerges(categories, {merge("appeals/repeat", "appeals/target"),
                                           merge("appeals/known", "appeals/target"),
                                           merge("appeals/lost", "appeals/unknown")});
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].appeal, "appeals/repeat");
  EXPECT_EQ(all[1].label, "categories/a");
  EXPECT_EQ(all[1].kind, LabelKind::kCategory);
  EXPECT_EQ(all[2].label, "categories/b") << "its own decision stands";
}

}  // namespace
}  // namespace veche::classification
