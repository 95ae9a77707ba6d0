#include <set>

#include "services/appeals/storage/old_cell.h"
#include "services/appeals/testing/store_fixture.h"

// The results and the order of Store's lists, on every engine.

namespace veche::appeals {
namespace {

class StoreListsTest : public StoreTest {};

TEST_P(StoreListsTest, ListsNewestFirstWithoutGapsWhileMoreComes) {
  std::vector<std::string> expected;
  for (int i = 0; i < 8; ++i) expected.insert(expected.begin(), Add({.created = Minute(i)}));
  auto first = store_->List({}, std::nullopt, 3);
  ASSERT_OK(first);
  Add({.created = Minute(99)});
  std::vector<std::string> seen;
  for (const Appeal& appeal : first->appeals) seen.push_back(appeal.id);
  std::optional<int64_t> from = first->next;
  while (from) {
    auto page = store_->List({}, from, 3);
    ASSERT_OK(page);
    for (const Appeal& appeal : page->appeals) seen.push_back(appeal.id);
    from = page->next;
  }
  EXPECT_EQ(seen, expected);
  std::reverse(expected.begin(), expected.end());
  ListFilter oldest;
  oldest.oldest_first = true;
  auto all = ListAll(oldest);
  all.pop_back();
  EXPECT_EQ(all, expected);
}

TEST_P(StoreListsTest, EachFilterAndTheirCombinationsFindWhatFits) {
  // 60 appeals of all combinations; every list is compared with a look at each of them.
  std::vector<Appeal> all;
  for (int i = 0; i < 60; ++i) {
    TestAppeal wanted;
    wanted.created = Minute(i);
    wanted.text = i % 3 == 0 ? "Яма на дороге" : i % 3 == 1 ? "Дорога без света" : "Нет тепла";
    wanted.category = i % 2 == 0 ? "categories/potholes" : "categories/heating";
    wanted.department = i % 5 == 0 ? "departments/roads" : "departments/housing";
    wanted.district = i % 7 == 0 ? "districts/west" : "districts/east";
    wanted.state = i % 4 == 0 ? State::kResolved : State::kAssigned;
    wanted.kind = i % 6 == 0 ? Kind::kQuestion : Kind::kComplaint;
    wanted.visibility = i % 11 == 0 ? Visibility::kPrivate : Visibility::kPublic;
    wanted.author = i % 2 == 0 ? "residents/ivan" : "residents/anna";
    wanted.location = geo::LatLng{55.7 + 0.001 * i, 49.0 + 0.001 * i};
    all.push_back(*store_->Get(Add(wanted)));
  }
  ForgetMapCells("created_at / 60000000 % 3 = 0");  // a third of the minutes
  for (int mask = 0; mask < 512; ++mask) {
    ListFilter filter;
    if (mask & 1) filter.category = "categories/potholes";
    if (mask & 2) filter.department = "departments/housing";
    if (mask & 4) filter.district = "districts/east";
    if (mask & 8) filter.state = State::kAssigned;
    if (mask & 16) filter.kind = Kind::kComplaint;
    if (mask & 32) filter.terms = text::SearchTerms(mask & 1 ? "дороги ямой" : "дорогу");
    if (mask & 64) filter.box = geo::Box{49.005, 55.705, mask & 1 ? 49.012 : 49.05, 55.9};
    if (mask & 128) filter.author = "residents/ivan";
    if (mask & 256) filter.oldest_first = true;
    if (mask & 2) filter.created_from = Minute(10);
    if (mask & 4) filter.created_before = Minute(50);
    std::vector<std::string> expected;
    for (const Appeal& appeal : all) {
      const auto terms = text::SearchTerms(appeal.text);
      const bool fits =
          (filter.author.empty() ? appeal.visibility == Visibility::kPublic
                                 : appeal.author == filter.author) &&
          (filter.category.empty() || appeal.category == filter.category) &&
          (filter.department.empty() || appeal.department == filter.department) &&
          (filter.district.empty() || appeal.district == filter.district) &&
          (!filter.state || appeal.state == *filter.state) &&
          (!filter.kind || appeal.kind == *filter.kind) &&
          std::includes(terms.begin(), terms.end(), filter.terms.begin(), filter.terms.end()) &&
          (!filter.box || filter.box->Contains(*appeal.location)) &&
          (!filter.created_from || appeal.created >= *filter.created_from) &&
          (!filter.created_before || appeal.created < *filter.created_before);
      if (fits) expected.push_back(appeal.id);
    }
    if (!filter.oldest_first) std::reverse(expected.begin(), expected.end());
    ASSERT_EQ(ListAll(filter), expected) << "mask " << mask;
  }
}

TEST_P(StoreListsTest, OrdersTheInboxByDueTimeWithThoseWithoutLast) {
  const std::string none = Add({});
  const std::string late = Add({.due = Minute(90)});
  const std::string soon = Add({.due = Minute(10)});
  const std::string other = Add({.department = "departments/housing", .due = Minute(5)});
  Add({.state = State::kClosed});
  auto ids = [&](const InboxFilter& filter) {
    std::vector<std::string> found;
    std::optional<InboxPosition> from;
    do {
      auto page = store_->Inbox(filter, from, 1);
      EXPECT_OK(page);
      for (const Appeal& appeal : page->appeals) found.push_back(appeal.id);
      from = page->next;
    } while (from);
    return found;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids({.department = "departments/roads"}), (Ids{soon, late, none}));
  EXPECT_EQ(ids({}), (Ids{other, soon, late, none}));
  EXPECT_EQ(ids({.overdue_at = Minute(50)}), (Ids{other, soon}));
  EXPECT_EQ(ids({.state = State::kClosed}).size(), 1u);
  EXPECT_EQ(ids({.state = State::kAssigned, .priority = Priority::kHigh}).size(), 0u);
}

TEST_P(StoreListsTest, FindsOpenAppealsNearBy) {
  const std::string here = Add({.location = geo::LatLng{55.8, 49.0501}});
  const std::string near = Add({.location = geo::LatLng{55.801, 49.0501}});
  Add({.state = State::kClosed});
  Add({.visibility = Visibility::kPrivate});
  Add({.location = geo::LatLng{55.9, 49.05}});
  auto found = store_->Near({55.8, 49.05}, 300, 10);
  ASSERT_OK(found);
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0].id, here);
  EXPECT_EQ((*found)[1].id, near);
}

TEST_P(StoreListsTest, FindsPlacesThatTheReleaseBeforeWrote) {
  const geo::LatLng here{55.8, 49.05}, there{55.7, 49.2};
  auto near = [&](const geo::LatLng& center) {
    std::vector<std::string> ids;
    auto found = store_->Near(center, 300, 10);
    EXPECT_OK(found);
    for (const Appeal& appeal : *found) ids.push_back(appeal.id);
    return ids;
  };
  auto similar = [&](const geo::LatLng& center) {
    return *store_->CountSimilar(ids_.New(), "categories/potholes", center, absl::UnixEpoch());
  };
  using Ids = std::vector<std::string>;
  const std::string id =
      Add({.category = "categories/potholes", .state = State::kAssigned, .location = here});
  ForgetMapCells("TRUE");
  EXPECT_EQ(near(here), Ids{id});
  EXPECT_EQ(similar(here), 1);
  EXPECT_EQ(*store_->ComputeMapCells(10), 1);
  EXPECT_EQ(*store_->ComputeMapCells(10), 0);
  EXPECT_EQ(near(here), Ids{id});
  EXPECT_EQ(similar(here), 1);

  // The old release moves the appeal, a few metres and then far, and does not know map_cell.
  for (const geo::LatLng& place : {geo::LatLng{here.latitude + 0.0001, here.longitude}, there}) {
    ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
      return transaction
          .Execute("UPDATE appeals SET latitude = $1, longitude = $2, cell = $3", place.latitude,
                   place.longitude, OldCellId(place))
          .status();
    }));
    EXPECT_EQ(near(place), Ids{id});
    EXPECT_EQ(similar(place), 1);
  }
  EXPECT_EQ(near(here), Ids{});
  EXPECT_EQ(*store_->ComputeMapCells(10), 1);
  EXPECT_EQ(near(there), Ids{id});
  EXPECT_EQ(similar(there), 1);
}

TEST_P(StoreListsTest, ComputesMapCellsInBatches) {
  for (int i = 0; i < 5; ++i) Add({.location = geo::LatLng{55.7, 49 + i * 0.1}});
  Add({.location = std::nullopt});
  EXPECT_EQ(*store_->ComputeMapCells(3), 0);
  ForgetMapCells("TRUE");
  EXPECT_EQ(*store_->ComputeMapCells(3), 3);
  EXPECT_EQ(*store_->ComputeMapCells(3), 2);
  EXPECT_EQ(*store_->ComputeMapCells(3), 0);
}

TEST_P(StoreListsTest, FindsWhatIsDueInOrder) {
  const std::string id = Add({});
  auto change = [&](Appeal& appeal, Record&) {
    appeal.next_check = Minute(5);
    return absl::OkStatus();
  };
  ASSERT_OK(store_->Update(id, change));
  EXPECT_EQ(store_->ListDueChecks(Minute(4), 10)->size(), 0u);
  EXPECT_EQ(store_->ListDueChecks(Minute(5), 10)->size(), 1u);
}

TEST_P(StoreListsTest, KeepsReasonsAndListsWhatWaitsForAModerator) {
  const std::string flagged = Add({.state = State::kClosed, .due = Minute(90)});
  const std::string other = Add({.department = "departments/housing", .due = Minute(5)});
  Add({});
  for (const std::string& id : {flagged, other}) {
    ASSERT_OK(store_->Update(id, [](Appeal& appeal, Record&) {
      appeal.reasons = {{"hazard", 70, "gas: газ"}};
      appeal.fingerprint = 0xd7b1e3c374431826u;
      appeal.moderation = {
          .toxicity = 0.75, .spam = 0.25, .reasons = {"threat", "insult"}, .waits = true};
      return absl::OkStatus();
    }));
  }
  const Appeal kept = *store_->Get(other);
  EXPECT_EQ(kept.reasons, (std::vector<triage::Reason>{{"hazard", 70, "gas: газ"}}));
  EXPECT_EQ(kept.fingerprint, 0xd7b1e3c374431826u);
  EXPECT_EQ(kept.moderation.toxicity, 0.75);
  EXPECT_EQ(kept.moderation.spam, 0.25);
  EXPECT_EQ(kept.moderation.reasons, (std::vector<std::string>{"threat", "insult"}));
  auto page = store_->Inbox({.flagged = true}, std::nullopt, 10);
  ASSERT_OK(page);
  ASSERT_EQ(page->appeals.size(), 2u);
  EXPECT_EQ(page->appeals[0].id, other);
  EXPECT_EQ(page->appeals[1].id, flagged);
  page = store_->Inbox({.department = "departments/housing", .flagged = true}, std::nullopt, 10);
  ASSERT_OK(page);
  EXPECT_EQ(page->appeals.size(), 1u);
  page = store_->Inbox({.state = State::kClosed, .flagged = true}, std::nullopt, 10);
  ASSERT_OK(page);
  EXPECT_EQ(page->appeals.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreListsTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::appeals
