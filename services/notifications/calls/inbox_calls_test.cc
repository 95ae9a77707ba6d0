#include "services/notifications/calls/inbox_calls.h"

#include <gtest/gtest.h>

#include <thread>

#include "common/api/page.h"
#include "services/notifications/streams/convert.h"
#include "services/notifications/testing/fixture.h"

namespace veche::notifications {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::Resident;
using ::testing::ElementsAre;
using testing::FakeWriter;
using ::testing::IsEmpty;
using testing::kAuthor;
using testing::kOfficer;
using testing::MakeEvent;
using testing::MakePollingEvent;
using testing::Notifications;
using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

TEST(IntakeTest, AuthorAndFollowersHearOfAnAppeal) {
  Notifications n;
  ASSERT_OK(n.Apply({MakeEvent(1, "submitted", kAuthor), MakeEvent(2, "registered", ""),
                     MakeEvent(3, "assigned", ""), MakeEvent(4, "followed", "residents/f"),
                     MakeEvent(5, "supported", "residents/s"), MakeEvent(6, "started"),
                     MakeEvent(7, "messaged"), MakeEvent(8, "messaged", kAuthor),
                     MakeEvent(9, "unfollowed", "residents/f"), MakeEvent(10, "resolved"),
                     MakeEvent(11, "reopened", kAuthor), MakeEvent(12, "rejected")}));
  EXPECT_THAT(n.TypesOf("author"),
              ElementsAre("assigned", "started", "messaged", "resolved", "rejected"));
  EXPECT_THAT(n.TypesOf("f"), ElementsAre("started", "messaged"));
  EXPECT_THAT(n.TypesOf("s"),
              ElementsAre("started", "messaged", "resolved", "reopened", "rejected"));
  EXPECT_THAT(n.TypesOf("other"), IsEmpty());
}

TEST(IntakeTest, AMergeCarriesAuthorAndFollowersOver) {
  Notifications n;
  ASSERT_OK(n.Apply({MakeEvent(1, "followed", "residents/f", "appeals/2"),
                     MakeEvent(2, "merged", kOfficer, "appeals/2", "appeals/1"),
                     MakeEvent(3, "resolved")}));
  EXPECT_THAT(n.TypesOf("f"), ElementsAre("merged", "resolved"));
}

TEST(IntakeTest, TheSameBatchAgainChangesNothing) {
  Notifications n;
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(n.Apply({MakeEvent(1, "followed", "residents/f"), MakeEvent(2, "resolved")}));
  }
  EXPECT_THAT(n.TypesOf("f"), ElementsAre("resolved"));
}

TEST(IntakeTest, AnEventThatCannotBeReadStopsNothing) {
  Notifications n;
  events::Event broken = MakeEvent(1, "resolved");
  broken.data = "\xff\xff\xff";
  ASSERT_OK(n.Apply({broken, MakeEvent(2, "resolved")}));
  EXPECT_THAT(n.TypesOf("author"), SizeIs(1));
}

TEST(IntakeTest, ALargeFollowingIsReachedInPages) {
  Notifications n;
  std::vector<events::Event> follows;
  for (int i = 0; i < 1200; ++i) {
    follows.push_back(MakeEvent(i, "followed", absl::StrFormat("residents/%05d", i)));
  }
  ASSERT_OK(n.Apply(follows));
  ASSERT_OK(n.Apply({MakeEvent(2000, "started"), MakeEvent(2001, "resolved")}));
  EXPECT_THAT(n.TypesOf("00000"), ElementsAre("started"));  // the first page is there at once
  EXPECT_THAT(n.TypesOf("01199"), IsEmpty());
  absl::StatusOr<bool> finished = false;
  for (int i = 0; i < 20 && finished.ok() && !*finished; ++i) finished = n.intake.DeliverQueued();
  EXPECT_THAT(finished, IsOkAndHolds(true));
  EXPECT_THAT(n.TypesOf("00000"), ElementsAre("started", "resolved"));
  EXPECT_THAT(n.TypesOf("01199"), ElementsAre("started", "resolved"));
}

TEST(IntakeTest, AuthorAndSupportersHearOfAnInitiative) {
  Notifications n;
  const std::string initiative = "initiatives/1";
  ASSERT_OK(n.Apply({MakePollingEvent(1, "initiative_submitted", initiative),
                     MakePollingEvent(2, "initiative_approved", initiative, {kAuthor}),
                     MakePollingEvent(3, "initiative_supported", initiative, {"residents/s"}),
                     MakePollingEvent(4, "initiative_supported", initiative, {"residents/t"}),
                     MakePollingEvent(5, "initiative_unsupported", initiative, {"residents/t"}),
                     MakePollingEvent(6, "comment_created", initiative, {"residents/c"}),
                     MakePollingEvent(7, "initiative_threshold_reached", initiative, {kAuthor}),
                     MakePollingEvent(8, "initiative_response_overdue", initiative, {kAuthor}),
                     MakePollingEvent(9, "initiative_accepted", initiative, {kAuthor})}));
  EXPECT_THAT(n.TypesOf("author"),
              ElementsAre("initiative_approved", "initiative_threshold_reached",
                          "initiative_response_overdue", "initiative_accepted"));
  EXPECT_THAT(n.TypesOf("s"), ElementsAre("initiative_threshold_reached",
                                          "initiative_response_overdue", "initiative_accepted"));
  EXPECT_THAT(n.TypesOf("t"), IsEmpty());
  EXPECT_THAT(n.TypesOf("c"), ElementsAre("comment_created"));
  const v1::Notification notice = n.List("s")->notifications(0);
  EXPECT_EQ(notice.type(), "veche.polling.initiative_accepted");
  EXPECT_EQ(notice.subject(), initiative);
  EXPECT_EQ(notice.title(), "Город принял инициативу «Сквер»");
  EXPECT_EQ(notice.appeal_number(), "");
  EXPECT_EQ(notice.appeal_state(), "");
}

TEST(IntakeTest, AMergedInitiativesPeopleHearOfTheOther) {
  Notifications n;
  ASSERT_OK(n.Apply(
      {MakePollingEvent(1, "initiative_supported", "initiatives/1", {"residents/s"}),
       MakePollingEvent(2, "initiative_merged", "initiatives/1", {kAuthor}, {}, "initiatives/2"),
       MakePollingEvent(3, "initiative_declined", "initiatives/2")}));
  for (const char* resident : {"s", "author"}) {
    EXPECT_THAT(n.TypesOf(resident), ElementsAre("initiative_merged", "initiative_declined"));
  }
}

TEST(IntakeTest, AnOldEventOfPollingChangesFollowersAlone) {
  Notifications n;
  n.clock.Set(absl::FromUnixSeconds(1'790'000'000) + absl::Hours(25));
  ASSERT_OK(n.Apply({MakePollingEvent(1, "initiative_supported", "initiatives/1", {"residents/s"}),
                     MakePollingEvent(2, "initiative_threshold_reached", "initiatives/1"),
                     MakePollingEvent(3 + 3600, "initiative_accepted", "initiatives/1")}));
  EXPECT_THAT(n.TypesOf("s"), ElementsAre("initiative_accepted"));
}

TEST(IntakeTest, FollowersHearWhileIdentityIsSilent) {
  Notifications n;
  ASSERT_OK(n.Apply({MakePollingEvent(1, "poll_opened", "polls/1", {kAuthor})}));
  EXPECT_THAT(n.intake.DeliverQueued(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(n.TypesOf("author"), IsEmpty());
  std::vector<events::Event> follows;
  for (int i = 0; i < 600; ++i) {
    follows.push_back(MakeEvent(i, "followed", absl::StrFormat("residents/%05d", i)));
  }
  ASSERT_OK(n.Apply(follows));
  ASSERT_OK(n.Apply({MakeEvent(2000, "started")}));
  EXPECT_THAT(n.intake.DeliverQueued(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(n.TypesOf("00599"), ElementsAre("started"));
}

TEST(CallsTest, ListsPagesNewestFirst) {
  Notifications n;
  for (int i = 0; i < 5; ++i) ASSERT_OK(n.Apply({MakeEvent(i, "started")}));
  v1::ListNotificationsRequest request;
  request.set_page_size(2);
  std::vector<std::string> names;
  do {
    const auto page = n.calls.ListNotifications(MakeCall(Resident("author")), request);
    ASSERT_OK(page);
    EXPECT_EQ(page->unread_count(), 5);
    for (const auto& notification : page->notifications()) names.push_back(notification.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  ASSERT_THAT(names, SizeIs(5));
  EXPECT_TRUE(std::is_sorted(names.rbegin(), names.rend()));

  const auto first = n.List("author")->notifications(0);
  EXPECT_EQ(first.title(), "Обращение 2026-000001 взято в работу");
  EXPECT_EQ(first.subject(), "appeals/1");
  EXPECT_EQ(first.appeal_number(), "2026-000001");
  EXPECT_EQ(first.appeal_state(), "ASSIGNED");
  EXPECT_EQ(first.create_time().seconds(), 1'790'000'004);
}

TEST(CallsTest, TitlesSpeakTheCallersLanguage) {
  Notifications n;
  ASSERT_OK(n.Apply({MakeEvent(0, "started")}));
  for (const auto& [language, title] : {std::pair{"ru", "Обращение 2026-000001 взято в работу"},
                                        {"uk", "Звернення 2026-000001 взято в роботу"},
                                        {"tt", "2026-000001 мөрәҗәгате эшкә алынды"},
                                        {"en", "Work on report 2026-000001 has begun"}}) {
    rpc::Call call = MakeCall(Resident("author"));
    call.set_language(language);
    const auto list = n.calls.ListNotifications(call, {});
    ASSERT_OK(list);
    EXPECT_EQ(list->notifications(0).title(), title);
  }
}

TEST(CallsTest, MarksAsRead) {
  Notifications n;
  for (int i = 0; i < 3; ++i) ASSERT_OK(n.Apply({MakeEvent(i, "started")}));
  v1::MarkReadRequest request;
  request.add_names(n.List("author")->notifications(1).name());
  EXPECT_EQ(n.calls.MarkRead(MakeCall(Resident("other")), request)->unread_count(), 0);
  EXPECT_EQ(n.calls.MarkRead(MakeCall(Resident("author")), request)->unread_count(), 2);
  EXPECT_EQ(n.List("author", /*unread=*/true)->notifications_size(), 2);
  EXPECT_TRUE(n.List("author")->notifications(1).read());
  request.Clear();
  request.set_all(true);
  EXPECT_EQ(n.calls.MarkRead(MakeCall(Resident("author")), request)->unread_count(), 0);
}

TEST(CallsTest, SaysWhatIsWrong) {
  Notifications n;
  const rpc::Call call = MakeCall(Resident("author"));
  v1::ListNotificationsRequest list;
  list.set_page_size(-1);
  v1::ListNotificationsRequest unread;
  unread.set_unread(true);
  Violations none;
  list.set_page_token(api::Page(unread, "residents/author", none).TokenAfter({1}));
  EXPECT_EQ(n.calls.ListNotifications(call, list).status().message(),
            "INVALID_FIELDS: pageSize NEGATIVE, pageToken PAGE_TOKEN");
  v1::MarkReadRequest read;
  EXPECT_THAT(n.calls.MarkRead(call, read), StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* name : {"notifications/1", "appeals/1", "notifications/-000000000000001"}) {
    read.clear_names();
    read.add_names(name);
    EXPECT_THAT(n.calls.MarkRead(call, read), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  v1::WatchNotificationsRequest watch;
  watch.set_last_event_id("x");
  EXPECT_THAT(n.calls.WatchNotifications(call, watch, std::make_shared<FakeWriter>()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

class WatchTest : public ::testing::Test {
 protected:
  std::shared_ptr<FakeWriter> Watch(const std::string& last_event_id,
                                    const std::string& resident = "author",
                                    const std::string& language = "ru") {
    auto writer = std::make_shared<FakeWriter>();
    rpc::Call call = MakeCall(Resident(resident));
    call.set_language(language);
    v1::WatchNotificationsRequest request;
    request.set_last_event_id(last_event_id);
    const absl::Status status = n_.calls.WatchNotifications(call, request, writer);
    if (!status.ok()) writer->Finish(status);
    return writer;
  }

  Notifications n_;
};

TEST_F(WatchTest, SendsWhatComesFromNowOn) {
  ASSERT_OK(n_.Apply({MakeEvent(1, "started")}));
  n_.feed.Start();
  const auto writer = Watch("");
  ASSERT_OK(n_.Apply({MakeEvent(2, "resolved")}));
  EXPECT_THAT(writer->WaitFor(1), ElementsAre(ToId(2)));
}

TEST_F(WatchTest, EachStreamSpeaksItsOwnLanguage) {
  n_.feed.Start();
  const auto russian = Watch("");
  const auto tatar = Watch("", "author", "tt");
  ASSERT_OK(n_.Apply({MakeEvent(1, "resolved")}));
  russian->WaitFor(1);
  tatar->WaitFor(1);
  EXPECT_THAT(russian->titles(), ElementsAre("Обращение 2026-000001 решено"));
  EXPECT_THAT(tatar->titles(), ElementsAre("2026-000001 мөрәҗәгате хәл ителде"));
}

TEST_F(WatchTest, SendsWhatWasMissedHoweverMuch) {
  std::vector<events::Event> batch;
  for (int i = 0; i < 150; ++i) batch.push_back(MakeEvent(i, "started"));
  ASSERT_OK(n_.Apply(batch));
  n_.feed.Start();
  const auto writer = Watch(ToId(50));
  const std::vector<std::string> ids = writer->WaitFor(100);
  ASSERT_THAT(ids, SizeIs(100));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ids[i], ToId(51 + i));
}

TEST_F(WatchTest, AnIdOfTheFutureIsFromNowOn) {
  n_.feed.Start();
  const auto writer = Watch(ToId(1'000'000));
  ASSERT_OK(n_.Apply({MakeEvent(1, "started")}));
  EXPECT_THAT(writer->WaitFor(1), ElementsAre(ToId(1)));
}

// Clients disconnect and resume at their last id while other threads write: each client gets every
// number once, in order.
TEST_F(WatchTest, ResumesWithoutAGapWhileOthersWrite) {
  constexpr int kNotices = 300;
  n_.feed.Start();
  std::thread writing([&] {
    for (int i = 1; i <= kNotices; ++i) EXPECT_OK(n_.Apply({MakeEvent(i, "started")}));
  });
  std::vector<std::string> seen;
  std::string last = ToId(0);
  while (seen.size() < kNotices) {
    const auto writer = Watch(last);
    writer->WaitFor(std::min<size_t>(7, kNotices - seen.size()));
    writer->Finish(absl::CancelledError("the client left"));
    const std::vector<std::string> ids = writer->WaitFor(0);
    seen.insert(seen.end(), ids.begin(), ids.end());
    last = seen.back();
  }
  writing.join();
  ASSERT_THAT(seen, SizeIs(kNotices));
  for (int i = 0; i < kNotices; ++i) EXPECT_EQ(seen[i], ToId(i + 1));
}

TEST_F(WatchTest, StreamsAreBounded) {
  n_.feed.Start();
  const auto first = Watch("");
  const auto second = Watch("");
  EXPECT_THAT(Watch("")->WaitForEnd(), HasReason("TOO_MANY_STREAMS"));
  const auto third = Watch("", "other");
  EXPECT_THAT(Watch("", "another")->WaitForEnd(), HasReason("TOO_MANY_STREAMS"));
  first->Finish(absl::OkStatus());
  EXPECT_EQ(n_.hub.size(), 2);
  const auto again = Watch("");  // below the limits of the resident and of the process
  EXPECT_EQ(n_.hub.size(), 3);
}

TEST_F(WatchTest, StoppingEndsStreams) {
  n_.feed.Start();
  const auto writer = Watch("");
  n_.feed.Stop();
  EXPECT_THAT(writer->WaitForEnd(), HasReason("STOPPING"));
  EXPECT_THAT(Watch("")->WaitForEnd(), HasReason("STOPPING"));
}

}  // namespace
}  // namespace veche::notifications
