#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/sql/explaining.h"
#include "services/polling/storage/comment_store.h"
#include "services/polling/storage/initiative_store.h"
#include "services/polling/storage/statement_store.h"
#include "services/polling/testing/initiative_fixture.h"

// An index gives every list in its order: no full scan, no sorting of results.

namespace veche::polling {
namespace {

class InitiativePlanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 20; ++i) city_.Publish(absl::StrCat("author", i));
  }
  template <typename Body>
  void ExpectIndexed(absl::string_view what, Body body) {
    ASSERT_OK(explaining_.Read(
        [&](sql::Transaction& transaction) -> absl::Status { return body(transaction).status(); }));
    EXPECT_FALSE(explaining_.plans.empty());
    for (const std::string& plan : explaining_.plans) {
      EXPECT_FALSE(absl::StrContains(plan, "TEMP B-TREE")) << what << "\n" << plan;
      EXPECT_FALSE(absl::StrContains(plan, "\n  SCAN")) << what << "\n" << plan;
    }
    explaining_.plans.clear();
  }

  testing::Initiatives city_;
  sql::testing::ExplainingDatabase explaining_{*city_.database};
};

TEST_F(InitiativePlanTest, InitiativesWalkAlongAnIndex) {
  for (int mask = 0; mask < 64; ++mask) {
    InitiativeFilter filter;
    if (mask & 1) filter.state = InitiativeState::kGathering;
    if (mask & 2) filter.district = "districts/north";
    if (mask & 4) filter.category = "categories/roads";
    if (mask & 8) filter.author = "residents/author1";
    filter.by_supporters = (mask & 16) != 0;
    std::optional<InitiativePlace> after;
    if (mask & 32) after = InitiativePlace{5, city_.ids.New()};
    ExpectIndexed(absl::StrCat("mask ", mask), [&](sql::Transaction& transaction) {
      return city_.store.List(transaction, filter, after, 10);
    });
  }
  ExpectIndexed("of an appeal", [&](sql::Transaction& transaction) {
    return city_.store.ListOfAppeal(transaction, "appeals/1", city_.ids.New(), 10);
  });
  for (const char* district : {"", "districts/north"}) {
    ExpectIndexed("open", [&](sql::Transaction& transaction) {
      return city_.store.ListOpen(transaction, district, 10);
    });
  }
  ExpectIndexed("due", [&](sql::Transaction& transaction) {
    return city_.store.ListDue(transaction, city_.clock.Now(), 10);
  });
  const std::string ids[] = {"a", "b", "c"};
  ExpectIndexed("appeals", [&](sql::Transaction& transaction) {
    return city_.store.AppealsOf(transaction, ids);
  });
  ExpectIndexed("supported", [&](sql::Transaction& transaction) {
    return city_.store.SupportedBy(transaction, "residents/a", ids);
  });
}

TEST_F(InitiativePlanTest, DiscussionsWalkAlongAnIndex) {
  using Order = CommentFilter::Order;
  for (const Order order : {Order::kBest, Order::kNewest, Order::kOldest}) {
    for (const bool first : {true, false}) {
      CommentFilter filter = {.initiative = "i", .reply_to = first ? "" : "c", .order = order};
      ExpectIndexed("comments", [&](sql::Transaction& transaction) {
        return city_.comments.List(
            transaction, filter,
            first ? std::nullopt : std::optional<CommentPlace>({5, city_.ids.New()}), 10);
      });
    }
  }
  ExpectIndexed("reported", [&](sql::Transaction& transaction) {
    return city_.comments.ListReported(transaction, CommentPlace{5, "x"}, 10);
  });
  ExpectIndexed("written", [&](sql::Transaction& transaction) {
    return city_.comments.ListWritten(transaction, "residents/a", city_.clock.Now(), 10);
  });
  ExpectIndexed("versions", [&](sql::Transaction& transaction) {
    return city_.comments.ListVersions(transaction, "c");
  });
  for (const bool hidden : {true, false}) {
    ExpectIndexed("statements", [&](sql::Transaction& transaction) {
      return city_.statements.List(transaction, "i", hidden, "x", 10);
    });
  }
  ExpectIndexed("changes", [&](sql::Transaction& transaction) {
    return city_.statements.ListChanges(transaction, "i", {}, 10);
  });
}

}  // namespace
}  // namespace veche::polling
