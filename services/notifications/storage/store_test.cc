#include "services/notifications/storage/store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "services/notifications/testing/fixture.h"

namespace veche::notifications {
namespace {

using sql::Transaction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kAuthor;
using testing::kOfficer;
using testing::Notifications;
using ::testing::SizeIs;
using veche::testing::IsOkAndHolds;

const absl::Time kTime = absl::FromUnixSeconds(1'790'000'000);

// What every engine must do.
class StoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    notifications_ = std::make_unique<Notifications>(std::move(database));
  }

  Store& store() { return notifications_->store; }
  sql::Database& database() { return *notifications_->database; }
  absl::Status Write(sql::TransactionBody body) { return database().Write(body); }
  template <typename T, typename Body>
  T Get(Body body) {
    T value{};
    EXPECT_OK(database().Write([&](Transaction& t) -> absl::Status {
      auto result = body(t);
      if (result.ok()) value = *std::move(result);
      return result.status();
    }));
    return value;
  }
  News MakeEvent(const std::string& id) {
    return {.id = id,
            .type = "veche.appeals.resolved",
            .subject = "appeals/1",
            .number = "7",
            .state = "RESOLVED",
            .residents = {kAuthor},
            .actor = kOfficer,
            .audience = Audience::kFollowers,
            .time = kTime};
  }
  absl::Status Enqueue(const News& event) {
    return Write([&](Transaction& t) { return store().Enqueue(t, event); });
  }
  bool DeliverPage(const std::string& event, int limit) {
    return Get<bool>([&](Transaction& t) { return store().DeliverPage(t, event, limit); });
  }
  absl::Status Follow(const std::string& resident, absl::Time since = kTime) {
    return Write([&](Transaction& t) { return store().Follow(t, "appeals/1", resident, since); });
  }
  std::vector<std::string> Queued(Audience audience) {
    std::vector<std::string> events;
    for (const QueuedNews& queued : Get<std::vector<QueuedNews>>(
             [&](Transaction& t) { return store().ListQueued(t, audience, 5); })) {
      events.push_back(queued.news.id);
    }
    return events;
  }
  News MakePollEvent(const std::string& id) {
    return {.id = id,
            .type = "veche.polling.poll_opened",
            .subject = "polls/1",
            .titles = {{"en", "Square"}, {"uk", "Площа"}},
            .residents = {"residents/named"},
            .audience = Audience::kDistricts,
            .districts = {"districts/a", "districts/b"},
            .time = kTime};
  }
  void DeliverTo(const std::string& event, const std::string& after,
                 const std::vector<std::string>& residents, bool last) {
    EXPECT_OK(
        Write([&](Transaction& t) { return store().DeliverTo(t, event, after, residents, last); }));
  }
  std::vector<std::string> Recipients() {
    std::vector<std::string> recipients;
    for (const Notice& notice : Get<std::vector<Notice>>(
             [&](Transaction& t) { return store().ListAllAfter(t, 0, 1000); })) {
      recipients.push_back(notice.recipient);
    }
    return recipients;
  }

  std::unique_ptr<Notifications> notifications_;
};

TEST_P(StoreTest, ReachesAuthorAndFollowersInPages) {
  for (int i = 0; i < 5; ++i) EXPECT_OK(Follow(absl::StrCat("residents/", i)));
  EXPECT_OK(Follow("residents/late", kTime + absl::Seconds(1)));
  EXPECT_OK(Follow(kAuthor));
  ASSERT_OK(Enqueue(MakeEvent("e1")));
  EXPECT_FALSE(DeliverPage("e1", 2));
  EXPECT_THAT(Recipients(), ElementsAre(kAuthor, "residents/0", "residents/1"));
  EXPECT_FALSE(DeliverPage("e1", 2));
  EXPECT_FALSE(DeliverPage("e1", 2));
  EXPECT_TRUE(DeliverPage("e1", 2));
  EXPECT_TRUE(DeliverPage("e1", 2));
  EXPECT_THAT(Recipients(), ElementsAre(kAuthor, "residents/0", "residents/1", "residents/2",
                                        "residents/3", "residents/4"));
}

TEST_P(StoreTest, WhoStopsSupportingMayStillFollow) {
  const auto apply = [&](auto method, const std::string& resident) {
    EXPECT_OK(Write([&](Transaction& t) { return method(t, resident); }));
  };
  const auto support = [&](Transaction& t, const std::string& resident) {
    return store().Support(t, "appeals/1", resident, kTime);
  };
  const auto unsupport = [&](Transaction& t, const std::string& resident) {
    return store().Unsupport(t, "appeals/1", resident);
  };
  for (const char* resident : {"residents/1", "residents/2", "residents/3"})
    apply(support, resident);
  EXPECT_OK(Follow("residents/2"));
  apply(unsupport, "residents/2");
  apply(unsupport, "residents/3");
  apply(unsupport, "residents/4");
  ASSERT_OK(Enqueue(MakeEvent("e1")));
  EXPECT_TRUE(DeliverPage("e1", 10));
  EXPECT_THAT(Recipients(), ElementsAre(kAuthor, "residents/1", "residents/2"));
}

TEST_P(StoreTest, RepeatsReachNobodyTwice) {
  EXPECT_OK(Follow("residents/1"));
  EXPECT_OK(Follow("residents/1"));
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(Enqueue(MakeEvent("e1")));
    ASSERT_OK(Enqueue(MakeEvent("e1")));
    EXPECT_TRUE(DeliverPage("e1", 10));
  }
  EXPECT_THAT(Recipients(), ElementsAre(kAuthor, "residents/1"));
}

TEST_P(StoreTest, TheActorIsNotTold) {
  EXPECT_OK(Follow("residents/1"));
  News by_author = MakeEvent("e1");
  by_author.actor = kAuthor;
  ASSERT_OK(Enqueue(by_author));
  EXPECT_TRUE(DeliverPage("e1", 10));
  EXPECT_THAT(Recipients(), ElementsAre("residents/1"));
}

TEST_P(StoreTest, AnAppealsEventsKeepTheirOrder) {
  ASSERT_OK(Enqueue(MakeEvent("e1")));
  ASSERT_OK(Enqueue(MakeEvent("e2")));
  EXPECT_FALSE(DeliverPage("e2", 10));
  EXPECT_THAT(Recipients(), IsEmpty());
  EXPECT_THAT(Queued(Audience::kFollowers), ElementsAre("e1", "e2"));
  EXPECT_TRUE(DeliverPage("e1", 10));
  EXPECT_TRUE(DeliverPage("e2", 10));
  EXPECT_THAT(Recipients(), SizeIs(2));
}

TEST_P(StoreTest, ManyWorkersWriteEachPageOnce) {
  for (int i = 0; i < 100; ++i) EXPECT_OK(Follow(absl::StrFormat("residents/%03d", i)));
  ASSERT_OK(Enqueue(MakeEvent("e1")));
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      while (!DeliverPage("e1", 7)) {
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> recipients = Recipients();
  EXPECT_THAT(recipients, SizeIs(101));
  EXPECT_THAT(std::set<std::string>(recipients.begin(), recipients.end()), SizeIs(101));
}

TEST_P(StoreTest, AMergeCopiesFollowers) {
  EXPECT_OK(Follow("residents/1"));
  ASSERT_OK(Write(
      [&](Transaction& t) { return store().CopyFollowers(t, "appeals/1", "appeals/2", kTime); }));
  EXPECT_OK(Write([&](Transaction& t) { return store().Unfollow(t, "appeals/1", "residents/1"); }));
  News event = MakeEvent("e1");
  event.subject = "appeals/2";
  event.residents.clear();
  ASSERT_OK(Enqueue(event));
  EXPECT_TRUE(DeliverPage("e1", 10));
  EXPECT_THAT(Recipients(), ElementsAre("residents/1"));
}

TEST_P(StoreTest, DistrictsAreReachedPageByPage) {
  ASSERT_OK(Enqueue(MakePollEvent("e1")));
  EXPECT_THAT(Queued(Audience::kFollowers), IsEmpty());
  const auto queued = [&] {
    return Get<std::vector<QueuedNews>>(
        [&](Transaction& t) { return store().ListQueued(t, Audience::kDistricts, 5); });
  };
  ASSERT_THAT(queued(), SizeIs(1));
  EXPECT_THAT(queued()[0].news.districts, ElementsAre("districts/a", "districts/b"));
  EXPECT_EQ(queued()[0].position, "");
  DeliverTo("e1", "", {"residents/1", "residents/2"}, /*last=*/false);
  EXPECT_EQ(queued()[0].position, "residents/2");
  // Another worker comes too late with pages of older positions.
  DeliverTo("e1", "", {"residents/1", "residents/2"}, /*last=*/true);
  DeliverTo("e1", "residents/1", {"residents/9"}, /*last=*/false);
  ASSERT_THAT(queued(), SizeIs(1));
  EXPECT_EQ(queued()[0].position, "residents/2");
  DeliverTo("e1", "residents/2", {"residents/3", "residents/named"}, /*last=*/true);
  EXPECT_THAT(queued(), IsEmpty());
  DeliverTo("e1", "residents/3", {"residents/4"}, /*last=*/true);
  EXPECT_THAT(Recipients(),
              ElementsAre("residents/named", "residents/1", "residents/2", "residents/3"));
}

TEST_P(StoreTest, EventsOfAPollKeepTheirOrder) {
  ASSERT_OK(Enqueue(MakePollEvent("e1")));
  ASSERT_OK(Enqueue(MakePollEvent("e2")));
  DeliverTo("e2", "", {"residents/1"}, /*last=*/true);
  EXPECT_THAT(Recipients(), IsEmpty());
  DeliverTo("e1", "", {}, /*last=*/true);
  DeliverTo("e2", "", {"residents/1"}, /*last=*/true);
  EXPECT_THAT(Recipients(), ElementsAre("residents/named", "residents/named", "residents/1"));
}

TEST_P(StoreTest, NobodyElseThanTheNamedHears) {
  EXPECT_OK(Follow("residents/1"));
  News event = MakeEvent("e1");
  event.audience = Audience::kNobodyElse;
  ASSERT_OK(Enqueue(event));
  EXPECT_THAT(Queued(Audience::kNobodyElse), ElementsAre("e1"));
  EXPECT_TRUE(DeliverPage("e1", 1));
  EXPECT_THAT(Recipients(), ElementsAre(kAuthor));
}

TEST_P(StoreTest, NoticesHaveTheNewestTitlesOfTheirSubject) {
  ASSERT_OK(Enqueue(MakePollEvent("e1")));
  DeliverTo("e1", "", {}, /*last=*/true);
  const auto list = [&] {
    return Get<std::vector<Notice>>([&](Transaction& t) { return store().ListAllAfter(t, 0, 10); });
  };
  ASSERT_THAT(list(), SizeIs(1));
  EXPECT_EQ(list()[0].subject, "polls/1");
  EXPECT_EQ(list()[0].number, "");
  // Titles that are missing are those of another language.
  EXPECT_EQ(list()[0].titles,
            (Titles{{"en", "Square"}, {"ru", "Square"}, {"uk", "Площа"}, {"tt", "Square"}}));
  News later = MakePollEvent("e2");
  later.titles = {{"ru", "Сквер"}};
  later.time += absl::Hours(1);
  ASSERT_OK(Enqueue(later));
  EXPECT_EQ(TitleIn(list()[0].titles, "ru"), "Сквер");
  EXPECT_OK(Write([&](Transaction& t) { return store().Prune(t, kTime + absl::Hours(1)); }));
  DeliverTo("e2", "", {}, /*last=*/true);
  ASSERT_THAT(list(), SizeIs(1));
  EXPECT_EQ(TitleIn(list()[0].titles, "ru"), "Сквер");
  ASSERT_OK(Enqueue(MakeEvent("e3")));
  EXPECT_TRUE(DeliverPage("e3", 10));
  EXPECT_THAT(list()[1].titles, IsEmpty());
}

TEST_P(StoreTest, ReadingIsOnesOwn) {
  for (const char* event : {"e1", "e2", "e3"}) {
    ASSERT_OK(Enqueue(MakeEvent(event)));
    EXPECT_TRUE(DeliverPage(event, 10));
  }
  const auto unread = [&] {
    return Get<int64_t>([&](Transaction& t) { return store().CountUnread(t, kAuthor, 1000); });
  };
  EXPECT_EQ(unread(), 3);
  EXPECT_OK(Write([&](Transaction& t) { return store().MarkRead(t, "residents/other", {1, 2}); }));
  EXPECT_EQ(unread(), 3);
  EXPECT_OK(Write([&](Transaction& t) { return store().MarkRead(t, kAuthor, {2, 99}); }));
  EXPECT_EQ(unread(), 2);
  const auto page = Get<std::vector<Notice>>(
      [&](Transaction& t) { return store().List(t, kAuthor, 100, /*unread=*/true, 10); });
  ASSERT_THAT(page, SizeIs(2));
  EXPECT_EQ(page[0].seq, 3);
  EXPECT_EQ(page[1].seq, 1);
  EXPECT_FALSE(page[0].read);
  EXPECT_OK(Write([&](Transaction& t) { return store().MarkAllRead(t, kAuthor); }));
  EXPECT_EQ(unread(), 0);
}

// Numbers appear in the order of commits: a reader that goes on from the last one it saw, while
// many write, misses nothing.
TEST_P(StoreTest, AReaderSeesEveryNumberInOrder) {
  constexpr int kWriters = 8;
  constexpr int kEach = 15;
  std::atomic<int> running = kWriters;
  std::vector<std::thread> threads;
  for (int w = 0; w < kWriters; ++w) {
    threads.emplace_back([&, w] {
      for (int i = 0; i < kEach; ++i) {
        News event = MakeEvent(absl::StrCat("e", w, "-", i));
        event.subject = absl::StrCat("appeals/", w);
        EXPECT_OK(Write([&](Transaction& t) -> absl::Status {
          if (auto status = store().Enqueue(t, event); !status.ok()) return status;
          return store().DeliverPage(t, event.id, 10).status();
        }));
      }
      --running;
    });
  }
  std::vector<int64_t> seen;
  for (bool last = false; !last;) {
    last = running == 0;
    EXPECT_OK(database().Read([&](Transaction& t) -> absl::Status {
      const auto notices = store().ListAllAfter(t, seen.empty() ? 0 : seen.back(), 1000);
      for (const Notice& notice : *notices) seen.push_back(notice.seq);
      return absl::OkStatus();
    }));
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(seen, SizeIs(kWriters * kEach));
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_P(StoreTest, OldNoticesGo) {
  ASSERT_OK(Enqueue(MakeEvent("e1")));
  EXPECT_TRUE(DeliverPage("e1", 10));
  EXPECT_OK(Write([&](Transaction& t) { return store().Prune(t, kTime); }));
  EXPECT_THAT(Recipients(), SizeIs(1));
  EXPECT_OK(Write([&](Transaction& t) { return store().Prune(t, kTime + absl::Seconds(1)); }));
  EXPECT_THAT(Recipients(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::notifications
