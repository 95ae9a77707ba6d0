#include <gmock/gmock.h>

#include "common/api/metadata.h"
#include "common/events/remote_source.h"
#include "services/polling/testing/service_fixture.h"
#include "veche/polling/v1/events.pb.h"

// Drafts and what led to them, through real gRPC.

namespace veche::polling::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using veche::testing::StatusIs;

using DraftServiceTest = ServiceTest;

TEST_F(DraftServiceTest, AnAppealLeadsToPollsOnceTheyAreOpen) {
  const std::string appeal = "appeals/" + ids_.New();
  v1::CreatePollRequest draft = Draft();
  draft.mutable_poll()->add_subjects("initiatives/" + ids_.New());
  draft.mutable_poll()->add_subjects(appeal);
  const std::string name = Ask(&v1::Polls::Stub::CreatePoll, draft, Editor())->name();
  v1::ListPollsRequest list;
  list.set_appeal(appeal);
  const auto drafts = Ask(&v1::Polls::Stub::ListPolls, list);
  ASSERT_OK(drafts);
  EXPECT_THAT(drafts->polls(), IsEmpty());
  ASSERT_OK(Open(name));
  WaitForState(name, v1::Poll::OPEN);
  const auto listed = Ask(&v1::Polls::Stub::ListPolls, list);
  ASSERT_OK(listed);
  ASSERT_THAT(listed->polls(), SizeIs(1));
  EXPECT_EQ(listed->polls(0).name(), name);
  list.set_appeal("potholes");
  EXPECT_THAT(Ask(&v1::Polls::Stub::ListPolls, list), StatusIs(absl::StatusCode::kInvalidArgument));

  // The first event of the log is that of the opening.
  const auto log = events::RemoteSource(
      server_->channel(),
      {.log = "polling", .consumer = "appeals", .prepare = [](grpc::ClientContext& context) {
         context.AddMetadata(api::kServiceMetadata, "appeals");
       }});
  const auto events = log->Next("", 1, absl::Seconds(30));
  ASSERT_OK(events);
  ASSERT_THAT(*events, SizeIs(1));
  EXPECT_EQ(events->front().type, "veche.polling.poll_opened");
  v1::PollingEvent event;
  ASSERT_TRUE(event.ParseFromString(events->front().data));
  EXPECT_THAT(event.appeals(), ElementsAre(appeal));
}

TEST_F(DraftServiceTest, AMaskEmptiesAList) {
  v1::CreatePollRequest draft = Draft();
  draft.mutable_poll()->add_subjects("appeals/" + ids_.New());
  v1::UpdatePollRequest update;
  update.mutable_poll()->set_name(Ask(&v1::Polls::Stub::CreatePoll, draft, Editor())->name());
  EXPECT_THAT(Ask(&v1::Polls::Stub::UpdatePoll, update, Editor())->subjects(), SizeIs(1));
  update.mutable_update_mask()->add_paths("subjects");
  const auto emptied = Ask(&v1::Polls::Stub::UpdatePoll, update, Editor());
  ASSERT_OK(emptied);
  EXPECT_THAT(emptied->subjects(), IsEmpty());
  EXPECT_EQ(emptied->titles().at("en"), "Park");
  update.mutable_update_mask()->add_paths("questions");
  EXPECT_THAT(Ask(&v1::Polls::Stub::UpdatePoll, update, Editor()),
              StatusIs(absl::StatusCode::kInvalidArgument))
      << "a poll needs questions";
}

}  // namespace
}  // namespace veche::polling::testing
