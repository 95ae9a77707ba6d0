#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/sql/explaining.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/testing/fixture.h"
#include "services/notifications/testing/test_alerts.h"

// An index gives every list in its order: no full scan, no sorting of results.

namespace veche::notifications {
namespace {

using testing::AlertUlid;
using testing::kAlertTime;

class AlertPlanTest : public ::testing::Test {
 protected:
  template <typename Body>
  void ExpectIndexed(absl::string_view what, Body body) {
    ASSERT_OK(explaining_.Read(
        [&](sql::Transaction& transaction) -> absl::Status { return body(transaction).status(); }));
    EXPECT_FALSE(explaining_.plans.empty());
    for (const std::string& plan : explaining_.plans) {
      EXPECT_FALSE(absl::StrContains(plan, "TEMP B-TREE")) << what << "\n" << plan;
      EXPECT_FALSE(absl::StrContains(plan, "\n  SCAN alert")) << what << "\n" << plan;
    }
    explaining_.plans.clear();
  }

  testing::Notifications notifications_;
  AlertStore store_;
  sql::testing::ExplainingDatabase explaining_{*notifications_.database};
};

TEST_F(AlertPlanTest, AlertsWalkAlongAnIndex) {
  for (int mask = 0; mask < 32; ++mask) {
    AlertFilter filter{.now = kAlertTime};
    if (mask & 1) filter.states = {AlertState::kDraft};
    if (mask & 2) filter.topics = {"topics/weather"};
    if (mask & 4) filter.district = "districts/a";
    if (mask & 8) filter.severities = {Severity::kInfo, Severity::kWarning};
    std::optional<AlertPlace> after;
    if (mask & 16) after = AlertPlace{5, AlertUlid(1)};
    ExpectIndexed(absl::StrCat("mask ", mask), [&](sql::Transaction& transaction) {
      return store_.List(transaction, filter, after, 10);
    });
  }
  ExpectIndexed("due", [&](sql::Transaction& transaction) {
    return store_.ListDue(transaction, kAlertTime, 10);
  });
  ExpectIndexed("source", [&](sql::Transaction& transaction) {
    return store_.FindSource(transaction, "a,b,c");
  });
}

TEST_F(AlertPlanTest, PostsWalkAlongAnIndex) {
  ExpectIndexed("after", [&](sql::Transaction& transaction) {
    return store_.ListPostsAfter(transaction, 5, 10);
  });
  ExpectIndexed("newest of an alert", [&](sql::Transaction& transaction) {
    return store_.GetPublished(transaction, AlertUlid(1), std::nullopt);
  });
  const int64_t seqs[] = {1, 2, 3};
  ExpectIndexed("by number",
                [&](sql::Transaction& transaction) { return store_.GetPosts(transaction, seqs); });
  for (const char* topic : {"", "topics/weather"}) {
    ExpectIndexed("feed", [&](sql::Transaction& transaction) {
      return store_.ListFeed(transaction, {.topic = topic}, 10);
    });
  }
}

}  // namespace
}  // namespace veche::notifications
