#include "services/notifications/storage/feed_store.h"

#include <gtest/gtest.h>

#include "services/notifications/testing/store_fixture.h"

namespace veche::notifications {
namespace {

using sql::Transaction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FeedStoreTest : public testing::EngineTest {
 protected:
  FeedStore& store() { return n().feed_store; }
  std::vector<int64_t> Posts(const Interest& interest, const PostQuery& query) {
    return Get<std::vector<int64_t>>(
        [&](Transaction& t) { return store().ListPosts(t, interest, query); });
  }
  std::vector<PostState> States(const std::vector<int64_t>& seqs) {
    return Get<std::vector<PostState>>(
        [&](Transaction& t) { return store().GetStates(t, "residents/a", seqs, n().clock.Now()); });
  }
  std::vector<Marking> Markings(const std::string& resident, int64_t after, int64_t last) {
    return Get<std::vector<Marking>>(
        [&](Transaction& t) { return store().ListMarkings(t, resident, after, last, 10); });
  }
};

TEST_P(FeedStoreTest, MergesTheListsOfTopicsAndDistricts) {
  n().Publish({.topic = "topics/weather"});                                               // 1
  n().Publish({.topic = "topics/weather", .districts = {"districts/a", "districts/b"}});  // 2
  n().Publish({.topic = "topics/events", .districts = {"districts/b"}});                  // 3
  n().Publish({.topic = "topics/events", .districts = {"districts/c"}});                  // 4
  n().Publish({.topic = "topics/health", .districts = {"districts/a"}});                  // 5
  const Interest some{.topics = {"topics/weather", "topics/events"},
                      .districts = {"districts/a", "districts/b"}};
  EXPECT_THAT(Posts(some, {.limit = 10}), ElementsAre(3, 2, 1));
  EXPECT_THAT(Posts(some, {.limit = 2}), ElementsAre(3, 2));
  EXPECT_THAT(Posts(some, {.below = 3, .limit = 10}), ElementsAre(2, 1));
  EXPECT_THAT(Posts(some, {.above = 1, .newest_first = false, .limit = 10}), ElementsAre(2, 3));
  const Interest every{.muted = {"topics/weather"}, .districts = {"districts/a"}};
  EXPECT_THAT(Posts(every, {.limit = 10}), ElementsAre(5));
  EXPECT_THAT(Posts({.muted = {"topics/health"}, .districts = {"districts/a"}}, {.limit = 1}),
              ElementsAre(2));
  EXPECT_THAT(Posts({}, {.limit = 10}), ElementsAre(1));
}

TEST_P(FeedStoreTest, ManyListsAreReadInPieces) {
  Interest interest;
  for (int i = 0; i < 30; ++i) interest.topics.push_back(absl::StrCat("topics/t", i));
  for (int i = 0; i < 10; ++i) interest.districts.push_back(absl::StrCat("districts/d", i));
  for (int i = 0; i < 10; ++i) {
    n().Publish(
        {.topic = absl::StrCat("topics/t", 3 * i), .districts = {absl::StrCat("districts/d", i)}});
  }
  EXPECT_THAT(Posts(interest, {.limit = 3}), ElementsAre(10, 9, 8));
}

TEST_P(FeedStoreTest, KnowsTheStateOfAPost) {
  Alert updated = n().Publish({});                                 // 1
  n().Post(updated);                                               // 2
  Alert cancelled = n().Publish({});                               // 3
  n().Cancel(cancelled);                                           // 4
  const Alert former = n().Publish({});                            // 5
  n().Publish({.supersedes = former.id});                          // 6
  n().Publish({.expire_time = n().clock.Now() + absl::Hours(1)});  // 7
  ASSERT_OK(Write([&](Transaction& t) {
    return store().MarkRead(t, "residents/a", std::vector<int64_t>{2, 6, 999});
  }));
  n().clock.Advance(absl::Hours(2));
  const std::vector<PostState> states = States({7, 6, 5, 4, 3, 2, 1, 99});
  ASSERT_THAT(states, SizeIs(7));
  const bool current[] = {true, true, false, true, false, true, false};
  const bool over[] = {true, false, false, true, true, false, false};
  const bool read[] = {false, true, false, false, false, true, false};
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(states[i].seq, 7 - i);
    EXPECT_EQ(states[i].current, current[i]) << states[i].seq;
    EXPECT_EQ(states[i].over || !states[i].current, over[i] || !current[i]) << states[i].seq;
    EXPECT_EQ(states[i].read, read[i]) << states[i].seq;
  }
  n().clock.Advance(kNoticesKept);
  EXPECT_TRUE(States({2})[0].over);
}

TEST_P(FeedStoreTest, MarkingsAreOfOneSequenceWithPosts) {
  n().Subscribe({.subscriber = "residents/a"});
  n().Publish({});  // 1
  const auto add = [&](const std::string& resident, std::vector<int64_t> seqs) {
    EXPECT_OK(Write([&](Transaction& t) {
      return store().AddMarking(
          t, {.resident = resident, .seqs = seqs, .unread = 3, .create_time = n().clock.Now()});
    }));
  };
  add("residents/a", {1, 7});  // 2
  add("residents/b", {});      // 3
  n().Publish({});             // 4
  const std::vector<Marking> all = Markings("", 0, 10);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].seq, 2);
  EXPECT_THAT(all[0].seqs, ElementsAre(1, 7));
  EXPECT_EQ(all[0].unread, 3);
  EXPECT_EQ(all[1].seq, 3);
  EXPECT_THAT(all[1].seqs, IsEmpty());
  EXPECT_THAT(Markings("residents/b", 0, 10), SizeIs(1));
  EXPECT_THAT(Markings("residents/b", 0, 2), IsEmpty());
  EXPECT_THAT(Markings("residents/a", 2, 10), IsEmpty());

  ASSERT_OK(Write([&](Transaction& t) { return store().MarkAllRead(t, "residents/a"); }));
  EXPECT_EQ(Get<std::optional<Subscription>>([&](Transaction& t) {
              return n().subscriptions.Get(t, "residents/a");
            })->read_through,
            4);
  ASSERT_OK(
      Write([&](Transaction& t) { return store().Prune(t, n().clock.Now() + absl::Seconds(1)); }));
  EXPECT_THAT(Markings("", 0, 10), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, FeedStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::notifications
