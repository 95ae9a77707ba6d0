#include "services/notifications/storage/alert_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "services/notifications/storage/file_store.h"
#include "services/notifications/testing/fixture.h"
#include "services/notifications/testing/test_alerts.h"
#include "services/notifications/wire/area.h"

namespace veche::notifications {
namespace {

using sql::Transaction;
using testing::AlertUlid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kAlertTime;
using testing::MakeAlert;
using testing::Notifications;
using ::testing::SizeIs;

// What every engine must do.
class AlertStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    notifications_ = std::make_unique<Notifications>(std::move(database));
  }

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
  void Add(const Alert& alert) {
    ASSERT_OK(Write([&](Transaction& t) { return store_.Add(t, alert); }));
  }
  Alert Read(int id) {
    return *Get<std::optional<Alert>>([&](Transaction& t) { return store_.Get(t, AlertUlid(id)); });
  }
  // Publishes a stored draft.
  void Publish(int id, absl::Time now = kAlertTime) {
    ASSERT_OK(Write([&](Transaction& t) -> absl::Status {
      auto alert = store_.Lock(t, AlertUlid(id));
      if (!alert.ok()) return alert.status();
      const auto step = notifications::Publish(**alert, "services/test", now);
      if (!step.ok()) return step.status();
      return store_.Save(t, **alert, *step, now);
    }));
  }
  std::vector<std::string> List(const AlertFilter& filter,
                                std::optional<AlertPlace> after = std::nullopt, int limit = 10) {
    std::vector<std::string> ids;
    for (const Alert& alert : Get<std::vector<Alert>>(
             [&](Transaction& t) { return store_.List(t, filter, after, limit); })) {
      ids.push_back(alert.id);
    }
    return ids;
  }
  std::vector<int64_t> FeedSeqs(const PostFilter& filter, int limit = 10) {
    std::vector<int64_t> seqs;
    for (const PublishedAlert& alert : Get<std::vector<PublishedAlert>>(
             [&](Transaction& t) { return store_.ListFeed(t, filter, limit); })) {
      seqs.push_back(alert.post.seq);
    }
    return seqs;
  }

  std::unique_ptr<Notifications> notifications_;
  AlertStore store_;
};

TEST_P(AlertStoreTest, StartsWithTheTopicsOfACity) {
  const auto topics = Get<std::vector<Topic>>([&](Transaction& t) { return store_.ListTopics(t); });
  std::vector<std::string> names;
  for (const Topic& topic : topics) {
    names.push_back(topic.name);
    EXPECT_THAT(topic.titles, SizeIs(4)) << topic.name;
  }
  EXPECT_THAT(names,
              ElementsAre("topics/utilities", "topics/education", "topics/traffic", "topics/events",
                          "topics/weather", "topics/safety", "topics/health", "topics/culture"));
}

TEST_P(AlertStoreTest, TopicsAreAddedOnceAndChanged) {
  Topic topic{.name = "topics/dogs", .titles = {{"tt", "Этләр"}}, .position = -1};
  const auto add = [&] {
    return Get<bool>([&](Transaction& t) { return store_.AddTopic(t, topic); });
  };
  EXPECT_TRUE(add());
  EXPECT_FALSE(add());
  topic.retired = true;
  topic.titles["en"] = "Dogs";
  ASSERT_OK(Write([&](Transaction& t) { return store_.UpdateTopic(t, topic); }));
  const auto topics = Get<std::vector<Topic>>([&](Transaction& t) { return store_.ListTopics(t); });
  EXPECT_EQ(topics[0].name, "topics/dogs");  // by position
  EXPECT_EQ(topics[0].titles, topic.titles);
  EXPECT_TRUE(topics[0].retired);
}

TEST_P(AlertStoreTest, KeepsEveryColumn) {
  Alert alert =
      MakeAlert({.id = 7, .severity = Severity::kEmergency, .districts = {"districts/a"}});
  AlertContent& content = alert.content;
  content.area = R"({"coordinates":[[[49,55],[50,55],[50,56],[49,55]]],"type":"Polygon"})";
  content.bodies = {{"ru", "Текст"}, {"uk", "Текст «ї»"}};
  content.instructions = {{"en", "Stay inside"}};
  content.link = "https://example.org/?a=1";
  content.actions = {{{{"ru", "Позвонить"}}, "tel:112"}};
  content.files = {{"aa", "Карта", "image/png", 12}};
  alert.publish_time = kAlertTime + absl::Hours(1);
  alert.expire_time = kAlertTime + absl::Hours(2);
  alert.districts = {"districts/a", "districts/b"};
  alert.supersedes = "s";
  alert.comment = "comment";
  alert.source = "x,y,z";
  Add(alert);
  const Alert read = Read(7);
  EXPECT_EQ(OuterRings(read.content.area), OuterRings(content.area));
  EXPECT_EQ(read.content.titles, content.titles);
  EXPECT_EQ(read.content.bodies, content.bodies);
  EXPECT_EQ(read.content.instructions, content.instructions);
  EXPECT_EQ(read.content.link, content.link);
  EXPECT_EQ(read.content.actions.at(0).titles, content.actions[0].titles);
  EXPECT_EQ(read.content.actions.at(0).link, "tel:112");
  EXPECT_EQ(read.content.files.at(0).hash, "aa");
  EXPECT_EQ(read.content.files.at(0).size_bytes, 12);
  EXPECT_EQ(read.content.severity, Severity::kEmergency);
  EXPECT_EQ(read.content.districts, content.districts);
  EXPECT_EQ(read.districts, alert.districts);
  EXPECT_EQ(read.publish_time, alert.publish_time);
  EXPECT_EQ(read.expire_time, alert.expire_time);
  EXPECT_EQ(read.supersedes, "s");
  EXPECT_EQ(read.comment, "comment");
  EXPECT_EQ(read.source, "x,y,z");
  EXPECT_EQ(read.author, "staff/one");
  EXPECT_EQ(read.version, 1);
}

TEST_P(AlertStoreTest, APublicationHasPostTargetsRevisionAndFanOut) {
  Add(MakeAlert(
      {.id = 1, .severity = Severity::kWarning, .districts = {"districts/a", "districts/b"}}));
  Publish(1);
  const Alert alert = Read(1);
  EXPECT_EQ(alert.state, AlertState::kPublished);
  EXPECT_EQ(alert.revision, 1);
  const auto posts =
      Get<std::vector<AlertPost>>([&](Transaction& t) { return store_.ListPostsAfter(t, 0, 10); });
  ASSERT_THAT(posts, SizeIs(1));
  EXPECT_EQ(posts[0].seq, alert.seq);
  EXPECT_EQ(posts[0].alert, alert.id);
  EXPECT_EQ(posts[0].type, kAlertPublished);
  EXPECT_EQ(posts[0].severity, Severity::kWarning);
  EXPECT_THAT(posts[0].districts, ElementsAre("districts/a", "districts/b"));
  const auto rows = Get<std::vector<sql::Row>>([&](Transaction& t) {
    return t.Query(
        "SELECT t.district, f.severity, f.position FROM alert_targets t "
        "JOIN alert_fan_outs f ON f.seq = t.seq WHERE t.topic = 'topics/utilities' "
        "ORDER BY t.district");
  });
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].Text(0), "districts/a");
  EXPECT_EQ(rows[1].Text(0), "districts/b");
  EXPECT_EQ(rows[0].Int(1), 2);
  EXPECT_EQ(rows[0].Int(2), 0);
}

TEST_P(AlertStoreTest, NumbersContinueThoseOfNotices) {
  ASSERT_OK(Write([&](Transaction& t) {
    return t.Execute("UPDATE counters SET value = 41 WHERE name = 'notifications'").status();
  }));
  Add(MakeAlert({.id = 1}));
  Publish(1);
  EXPECT_EQ(Read(1).seq, 42);
}

TEST_P(AlertStoreTest, LaterPostsReferToEarlierOnes) {
  Add(MakeAlert({.id = 1}));
  Publish(1);
  // An update, then another alert in its place.
  ASSERT_OK(Write([&](Transaction& t) -> absl::Status {
    auto alert = store_.Lock(t, AlertUlid(1));
    if (!alert.ok()) return alert.status();
    (*alert)->content.titles["ru"] = "Второе";
    return store_.Save(t, **alert, AlertStep::kPost, kAlertTime + absl::Seconds(1));
  }));
  Alert next = MakeAlert({.id = 2});
  next.supersedes = AlertUlid(1);
  Add(next);
  Publish(2, kAlertTime + absl::Seconds(2));
  EXPECT_EQ(Read(1).state, AlertState::kSuperseded);
  EXPECT_EQ(Read(1).superseded_by, AlertUlid(2));
  const auto published = [&](int id, std::optional<int64_t> revision) {
    return Get<std::optional<PublishedAlert>>(
        [&](Transaction& t) { return store_.GetPublished(t, AlertUlid(id), revision); });
  };
  const auto newest = published(2, std::nullopt);
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->post.type, kAlertUpdated);
  EXPECT_THAT(newest->revision.references,
              ElementsAre(AlertReference{AlertUlid(1), 1, kAlertTime},
                          AlertReference{AlertUlid(1), 2, kAlertTime + absl::Seconds(1)}));
  // What was said first stays.
  EXPECT_EQ(published(1, 1)->revision.content.titles.at("ru"), "Оповещение 1");
  EXPECT_EQ(published(1, 2)->revision.content.titles.at("ru"), "Второе");
  EXPECT_FALSE(published(1, 3));
  EXPECT_FALSE(published(3, std::nullopt));
  EXPECT_THAT(Get<std::vector<PublishedAlert>>([&](Transaction& t) {
                const int64_t seqs[] = {1, 3, 99};
                return store_.GetPosts(t, seqs);
              }),
              SizeIs(2));
}

TEST_P(AlertStoreTest, ListsFilterAndPageWithoutGaps) {
  Add(MakeAlert({.id = 1, .districts = {"districts/a"}}));
  Add(MakeAlert({.id = 2, .severity = Severity::kEmergency, .topic = "topics/weather"}));
  Add(MakeAlert({.id = 3, .districts = {"districts/b"}}));
  Add(MakeAlert({.id = 4}));  // a draft
  for (const int id : {3, 1, 2}) Publish(id);
  const std::string one = AlertUlid(1), two = AlertUlid(2), three = AlertUlid(3);
  EXPECT_THAT(List({}), ElementsAre(two, one, three));  // the newest publication first
  EXPECT_THAT(List({.district = "districts/a"}), ElementsAre(two, one));
  EXPECT_THAT(List({.topics = {"topics/weather", "topics/none"}}), ElementsAre(two));
  EXPECT_THAT(List({.severities = {Severity::kInfo}}), ElementsAre(one, three));
  EXPECT_THAT(List({.states = {AlertState::kDraft}}), ElementsAre(AlertUlid(4)));
  EXPECT_THAT(List({.states = {AlertState::kDraft, AlertState::kPublished}}),
              ElementsAre(two, one, three, AlertUlid(4)));
  EXPECT_THAT(List({}, AlertPlace{Read(2).seq, two}, 1), ElementsAre(one));
  EXPECT_THAT(List({}, AlertPlace{Read(1).seq, one}, 1), ElementsAre(three));
  EXPECT_THAT(List({}, AlertPlace{Read(3).seq, three}), IsEmpty());
}

TEST_P(AlertStoreTest, ListsLeaveOutWhatHasExpired) {
  Alert alert = MakeAlert({.id = 1});
  alert.expire_time = kAlertTime + absl::Hours(1);
  Add(alert);
  Publish(1);
  EXPECT_THAT(List({.now = kAlertTime}), SizeIs(1));
  EXPECT_THAT(List({.now = kAlertTime + absl::Hours(1)}), IsEmpty());
}

TEST_P(AlertStoreTest, FindsWhatIsDue) {
  Alert planned = MakeAlert({.id = 1, .state = AlertState::kScheduled});
  planned.publish_time = kAlertTime + absl::Hours(1);
  Add(planned);
  Alert running = MakeAlert({.id = 2});
  running.expire_time = kAlertTime + absl::Hours(2);
  Add(running);
  Publish(2);
  const auto due = [&](absl::Duration later) {
    return Get<std::vector<std::string>>(
        [&](Transaction& t) { return store_.ListDue(t, kAlertTime + later, 10); });
  };
  EXPECT_THAT(due(absl::ZeroDuration()), IsEmpty());
  EXPECT_THAT(due(absl::Hours(1)), ElementsAre(AlertUlid(1)));
  EXPECT_THAT(due(absl::Hours(2)), ElementsAre(AlertUlid(1), AlertUlid(2)));
}

TEST_P(AlertStoreTest, FeedsAreOfTopicsAndDistricts) {
  Add(MakeAlert({.id = 1, .districts = {"districts/a", "districts/b"}}));
  Add(MakeAlert({.id = 2, .topic = "topics/weather"}));
  Add(MakeAlert({.id = 3, .topic = "topics/weather", .districts = {"districts/b"}}));
  for (const int id : {1, 2, 3}) Publish(id);
  EXPECT_THAT(FeedSeqs({}), ElementsAre(3, 2, 1));
  EXPECT_THAT(FeedSeqs({}, 2), ElementsAre(3, 2));
  EXPECT_THAT(FeedSeqs({.topic = "topics/weather"}), ElementsAre(3, 2));
  EXPECT_THAT(FeedSeqs({.district = "districts/a"}), ElementsAre(2, 1));
  EXPECT_THAT(FeedSeqs({.district = "districts/b"}, 2), ElementsAre(3, 2));
  EXPECT_THAT(FeedSeqs({.topic = "topics/weather", .district = "districts/a"}), ElementsAre(2));
  EXPECT_THAT(FeedSeqs({.topic = "topics/none"}), IsEmpty());
}

TEST_P(AlertStoreTest, ASourceIsImportedOnce) {
  Alert alert = MakeAlert({.id = 1});
  alert.source = "met.example,1,2026-12-01T00:00:00+03:00";
  Add(alert);
  alert.id = AlertUlid(2);
  EXPECT_THAT(Write([&](Transaction& t) { return store_.Add(t, alert); }),
              veche::testing::StatusIs(absl::StatusCode::kAlreadyExists));
  const auto find = [&](const std::string& source) {
    return Get<std::string>([&](Transaction& t) { return store_.FindSource(t, source); });
  };
  EXPECT_EQ(find(alert.source), AlertUlid(1));
  EXPECT_EQ(find(""), "");
  Add(MakeAlert({.id = 3}));  // none has no source
  Add(MakeAlert({.id = 4}));
}

TEST_P(AlertStoreTest, FilesAreKeptOnce) {
  FileStore files;
  const StoredFile file{"hash", "application/pdf", std::string("%PDF\0", 5)};
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK(Write([&](Transaction& t) { return files.Add(t, file); }));
  }
  const auto read =
      Get<std::optional<StoredFile>>([&](Transaction& t) { return files.Get(t, "hash"); });
  ASSERT_TRUE(read);
  EXPECT_EQ(read->bytes, file.bytes);
  const auto found =
      Get<std::optional<AlertFile>>([&](Transaction& t) { return files.Find(t, "hash"); });
  EXPECT_EQ(found->size_bytes, 5);
  EXPECT_FALSE(
      Get<std::optional<AlertFile>>([&](Transaction& t) { return files.Find(t, "none"); }));
}

TEST_P(AlertStoreTest, ParallelPublicationsHaveNumbersInTheOrderOfCommits) {
  constexpr int kAlerts = 40;
  for (int id = 0; id < kAlerts; ++id) Add(MakeAlert({.id = id}));
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 4; ++worker) {
    threads.emplace_back([&, worker] {
      for (int id = worker; id < kAlerts; id += 4) Publish(id);
    });
  }
  // Who has seen a number has seen all smaller ones.
  for (int i = 0; i < 50; ++i) {
    std::vector<AlertPost> posts;
    ASSERT_OK(database().Read([&](Transaction& t) -> absl::Status {
      auto read = store_.ListPostsAfter(t, 0, kAlerts);
      if (read.ok()) posts = *std::move(read);
      return read.status();
    }));
    for (size_t at = 0; at < posts.size(); ++at) {
      ASSERT_EQ(posts[at].seq, static_cast<int64_t>(at) + 1);
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(FeedSeqs({}, kAlerts), SizeIs(kAlerts));
}

INSTANTIATE_TEST_SUITE_P(Engines, AlertStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::notifications
