#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/events/event_log.h"
#include "common/sql/explaining.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "common/text/stem.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/testing/test_appeals.h"

// An index gives every list in its order: no full scan, no sorting of results.

namespace veche::appeals {
namespace {

class PlanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(sql::Migrate(*database_, {events::Migrations(), Migrations()}));
    for (int i = 0; i < 20; ++i) {
      Appeal appeal = MakeAppeal(ids_, {});
      ASSERT_OK(CreateAppeal(*database_, store_, appeal));
    }
    explaining_.plans.clear();
  }
  void ExpectUses(absl::string_view index) {
    EXPECT_TRUE(
        std::any_of(explaining_.plans.begin(), explaining_.plans.end(),
                    [&](const std::string& plan) { return absl::StrContains(plan, index); }))
        << index << "\n"
        << absl::StrJoin(explaining_.plans, "\n");
  }
  void ExpectIndexed(absl::string_view what) {
    EXPECT_FALSE(explaining_.plans.empty());
    for (const std::string& plan : explaining_.plans) {
      EXPECT_FALSE(absl::StrContains(plan, "TEMP B-TREE")) << what << "\n" << plan;
      for (const char* table :
           {"SCAN a", "SCAN s", "SCAN t", "SCAN search_terms", "SCAN timeline"}) {
        EXPECT_FALSE(absl::StrContains(plan, absl::StrCat("\n  ", table))) << what << "\n" << plan;
      }
    }
    explaining_.plans.clear();
  }

  testing::FakeClock clock_;
  UlidSource ids_{clock_};
  std::unique_ptr<sql::Database> database_ = sql::testing::OpenInMemory();
  sql::testing::ExplainingDatabase explaining_{*database_};
  events::EventLog log_{"appeals", *database_, clock_, ids_};
  // Boxes are dense from the first appeal on, so that their other plan is tested too.
  Store store_{explaining_, log_, absl::UTCTimeZone(), ScanLimits{.rows = 5, .cells = 5}};
};

TEST_F(PlanTest, ListsWalkAlongAnIndex) {
  for (int mask = 0; mask < 256; ++mask) {
    ListFilter filter;
    if (mask & 1) filter.category = "categories/potholes";
    if (mask & 2) filter.department = "departments/roads";
    if (mask & 4) filter.district = "districts/west";
    if (mask & 8) filter.state = State::kAssigned;
    if (mask & 16) filter.kind = Kind::kComplaint;
    if (mask & 32) filter.terms = text::SearchTerms("ямы на дорогах");
    if (mask & 64) filter.box = geo::Box{49, 55, 50, 56};
    if (mask & 128) filter.author = "residents/ivan";
    filter.oldest_first = mask % 3 == 0;
    ASSERT_OK(store_.List(filter, std::nullopt, 10));
    ExpectIndexed(absl::StrCat("mask ", mask));
  }
}

TEST_F(PlanTest, InboxesWalkAlongAnIndex) {
  for (int mask = 0; mask < 128; ++mask) {
    InboxFilter filter;
    if (mask & 1) filter.department = "departments/roads";
    if (mask & 2) filter.state = mask & 4 ? State::kClosed : State::kAssigned;
    if (mask & 8) filter.priority = Priority::kHigh;
    if (mask & 16) filter.assignee = "staff/olga";
    if (mask & 32) filter.overdue_at = clock_.Now();
    filter.flagged = (mask & 64) != 0;
    ASSERT_OK(store_.Inbox(filter, InboxPosition{1, 1}, 10));
    ExpectIndexed(absl::StrCat("inbox mask ", mask));
  }
}

TEST_F(PlanTest, PlacesAreFoundByCellAndBeforeThatByCoordinates) {
  ListFilter filter;
  filter.box = geo::Box{49, 55, 49.01, 55.01};
  ASSERT_OK(store_.List(filter, std::nullopt, 10));
  ExpectUses("COVERING INDEX appeals_public_map_cell (map_cell>? AND map_cell<?)");
  ExpectUses("INDEX appeals_without_map_cell (latitude>? AND latitude<?)");
  explaining_.plans.clear();
  ASSERT_OK(store_.Near({55.8, 49.05}, 300, 10));
  ExpectUses("INDEX appeals_public_map_cell (map_cell>? AND map_cell<?)");
  ExpectUses("INDEX appeals_without_map_cell (latitude>? AND latitude<?)");
  explaining_.plans.clear();
  ASSERT_OK(store_.CountSimilar(ids_.New(), "categories/potholes", {55.8, 49.05}, clock_.Now()));
  ExpectUses("INDEX appeals_similar_map_cell (category=? AND map_cell>? AND map_cell<?)");
  ExpectUses("INDEX appeals_without_map_cell (latitude>? AND latitude<?)");
}

TEST_F(PlanTest, TheRestIsIndexedToo) {
  ASSERT_OK(store_.Near({55.8, 49.05}, 300, 10));
  ExpectIndexed("near");
  ASSERT_OK(store_.CountSimilar(ids_.New(), "categories/potholes", {55.8, 49.05}, clock_.Now()));
  ExpectIndexed("similar");
  ASSERT_OK(store_.ListDueChecks(clock_.Now(), 10));
  ExpectIndexed("due checks");
  const std::string ids[] = {ids_.New(), ids_.New(), ids_.New()};
  ASSERT_OK(store_.GetRelations("residents/ivan", ids));
  ExpectIndexed("ties");
  ASSERT_OK(store_.GetMany(ids));
  ExpectIndexed("get many");
  ASSERT_OK(store_.GetTimeline(ids[0]));
  ExpectIndexed("timeline");
}

}  // namespace
}  // namespace veche::appeals
