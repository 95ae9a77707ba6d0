#include <gmock/gmock.h>

#include <sstream>
#include <thread>

#include "services/polling/protocol/board_file.h"
#include "services/polling/protocol/verify_board.h"
#include "services/polling/testing/service_fixture.h"

namespace veche::polling::testing {
namespace {

using rpc::testing::Resident;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::StatusIs;

TEST_F(ServiceTest, AVoteIsCountedAndAnybodyCanRecountIt) {
  const std::string name = CreatePoll();
  const auto open = Open(name);
  ASSERT_OK(open);
  EXPECT_EQ(open->state(), v1::Poll::OPEN);
  EXPECT_EQ(open->eligible_count(), 7);
  const auto cast = Ask(&v1::Polls::Stub::CreateBallot, MakeBallot(*open, "o2"));
  ASSERT_OK(cast);
  EXPECT_THAT(identity_.authorization(), ::testing::StartsWith("Bearer ey"))
      << "identity knows the resident by the access token";
  EXPECT_EQ(issuer_.authorization(), absl::StrCat("Bearer city.", PollId(name)))
      << "the issuer gets the token for itself and this poll alone";

  v1::WatchBallotRequest watch;
  watch.set_name(absl::StrCat(name, "/ballots/", cast->ticket()));
  const auto context = server_->ContextFor({});
  const auto stream = stub_->WatchBallot(context.get(), watch);
  v1::WatchBallotResponse receipt;
  ASSERT_TRUE(stream->Read(&receipt));
  EXPECT_EQ(receipt.receipt().board_index(), 1);
  EXPECT_EQ(receipt.receipt().leaf_hash(), cast->leaf_hash());
  EXPECT_FALSE(stream->Read(&receipt)) << "one receipt ends the stream";

  ASSERT_OK(Close(name));
  WaitForState(name, v1::Poll::CLOSED);
  v1::GetResultsRequest ask;
  ask.set_parent(name);
  const auto results = Ask(&v1::Polls::Stub::GetResults, ask);
  ASSERT_OK(results);
  EXPECT_EQ(results->questions(0).options(1).count(), 1);
  EXPECT_THAT(results->faults(), IsEmpty());

  v1::DownloadBoardRequest download;
  download.set_parent(name);
  std::stringstream file;
  const auto download_context = server_->ContextFor({});
  const auto pieces = stub_->DownloadBoard(download_context.get(), download);
  for (google::api::HttpBody piece; pieces->Read(&piece);) file << piece.data();
  auto reader = protocol::BoardFileReader::Open(file);
  ASSERT_OK(reader);
  protocol::BoardVerifier verifier(PollId(name));
  for (std::string entry; *reader->Next(entry);) verifier.Add(entry);
  const protocol::Report report = verifier.Finish(reader->head());
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.result_hash, results->result_hash());
}

TEST_F(ServiceTest, APollWaitsForItsIssuerAndGoesOnAfterARestart) {
  const std::string name = CreatePoll();
  issuer_.SetDown(true);
  const auto scheduled = Open(name);
  ASSERT_OK(scheduled);
  EXPECT_THAT(scheduled->public_key(), IsEmpty());
  StopModule();
  issuer_.SetDown(false);
  StartModule();
  const v1::Poll open = WaitForState(name, v1::Poll::OPEN);
  const v1::Poll fixed = [&] {
    v1::Poll poll = open;
    while (poll.public_key().empty()) poll = WaitForState(name, v1::Poll::OPEN);
    return poll;
  }();
  const auto cast = Ask(&v1::Polls::Stub::CreateBallot, MakeBallot(fixed, "o1"));
  ASSERT_OK(cast);
}

TEST_F(ServiceTest, ClosingGoesOnWhenTheIssuerAnswersAgain) {
  const std::string name = CreatePoll();
  const auto open = Open(name);
  ASSERT_OK(open);
  const v1::CreateBallotRequest in_time = MakeBallot(*open, "o1");
  const v1::CreateBallotRequest late = MakeBallot(*open, "o1");
  ASSERT_OK(Ask(&v1::Polls::Stub::CreateBallot, in_time));
  issuer_.SetDown(true);
  ASSERT_OK(Close(name));
  EXPECT_THAT(Ask(&v1::Polls::Stub::CreateBallot, late), HasReason("POLL_CLOSED"));
  StopModule();
  issuer_.SetDown(false);
  StartModule();
  WaitForState(name, v1::Poll::CLOSED);
  v1::GetBoardRequest ask;
  ask.set_parent(name);
  const auto board = Ask(&v1::Polls::Stub::GetBoard, ask);
  ASSERT_OK(board);
  EXPECT_THAT(board->entries(), SizeIs(3)) << "definition, ballot, closing record";
  EXPECT_TRUE(board->statements(0).final());
  EXPECT_THAT(Open(name)->state(), v1::Poll::CLOSED) << "it never opens again";
}

TEST_F(ServiceTest, NothingOfALyingIssuerGoesOntoTheBoard) {
  const std::string name = CreatePoll();
  issuer_.SetLying(true);
  const auto scheduled = Open(name);
  ASSERT_OK(scheduled);
  EXPECT_THAT(scheduled->public_key(), IsEmpty());
  issuer_.SetLying(false);
  v1::GetPollRequest get;
  get.set_name(name);
  while (Ask(&v1::Polls::Stub::GetPoll, get)->public_key().empty()) std::this_thread::yield();
  issuer_.SetLying(true);
  ASSERT_OK(Close(name));
  const int asked = issuer_.closed();
  while (issuer_.closed() == asked) std::this_thread::yield();
  EXPECT_EQ(Ask(&v1::Polls::Stub::GetPoll, get)->state(), v1::Poll::CLOSING);
  issuer_.SetLying(false);
  WaitForState(name, v1::Poll::CLOSED);
}

TEST_F(ServiceTest, AnIssuerThatRefusesItsTokenDoesNotSignTheResidentOut) {
  const std::string name = CreatePoll();
  const auto open = Open(name);
  ASSERT_OK(open);
  issuer_.SetRefusing(true);
  v1::IssueCredentialRequest issue;
  issue.set_name(name);
  issue.set_blinded_message("x");
  EXPECT_THAT(Ask(&v1::Polls::Stub::IssueCredential, issue, Resident("a")),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ServiceTest, AdmitsThoseWhomTheRulesName) {
  const std::string name = CreatePoll();
  v1::GetPollRequest get;
  get.set_name(name);
  EXPECT_THAT(Ask(&v1::Polls::Stub::GetPoll, get), HasReason("POLL_NOT_FOUND")) << "a draft";
  EXPECT_OK(Ask(&v1::Polls::Stub::GetPoll, get, Editor()));
  EXPECT_THAT(Ask(&v1::Polls::Stub::CreatePoll, Draft(), Resident("a")),
              StatusIs(absl::StatusCode::kPermissionDenied));
  v1::OpenPollRequest open;
  open.set_name(name);
  EXPECT_THAT(Ask(&v1::Polls::Stub::OpenPoll, open, Resident("a")),
              StatusIs(absl::StatusCode::kPermissionDenied));
  v1::IssueCredentialRequest issue;
  issue.set_name(name);
  issue.set_blinded_message("x");
  EXPECT_THAT(Ask(&v1::Polls::Stub::IssueCredential, issue),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(Ask(&v1::Polls::Stub::IssueCredential, issue, Editor()),
              StatusIs(absl::StatusCode::kPermissionDenied));
  const auto opened = Open(name);
  ASSERT_OK(opened);
  EXPECT_THAT(Ask(&v1::Polls::Stub::CreateBallot, MakeBallot(*opened, "o1"), Resident("a")),
              StatusIs(absl::StatusCode::kInvalidArgument))
      << "nobody may learn who casts a ballot";
}

TEST_F(ServiceTest, ProvesWhatTheBoardHolds) {
  const std::string name = CreatePoll();
  const auto open = Open(name);
  ASSERT_OK(open);
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Ask(&v1::Polls::Stub::CreateBallot, MakeBallot(*open, "o1")));
  }
  v1::GetBoardRequest ask;
  ask.set_parent(name);
  while (Ask(&v1::Polls::Stub::GetBoard, ask)->leaf_hashes_size() < 4) std::this_thread::yield();
  v1::GetInclusionProofRequest inclusion;
  inclusion.set_parent(name);
  inclusion.set_index(2);
  inclusion.set_tree_size(3);
  EXPECT_OK(Ask(&v1::Polls::Stub::GetInclusionProof, inclusion));
  inclusion.set_index(3);
  EXPECT_THAT(Ask(&v1::Polls::Stub::GetInclusionProof, inclusion),
              StatusIs(absl::StatusCode::kInvalidArgument));
  v1::GetConsistencyProofRequest consistency;
  consistency.set_parent(name);
  consistency.set_first_size(2);
  EXPECT_OK(Ask(&v1::Polls::Stub::GetConsistencyProof, consistency));
  consistency.set_first_size(0);
  EXPECT_THAT(Ask(&v1::Polls::Stub::GetConsistencyProof, consistency),
              StatusIs(absl::StatusCode::kInvalidArgument));
  ask.set_start(1);
  ask.set_page_size(2);
  const auto page = Ask(&v1::Polls::Stub::GetBoard, ask);
  ASSERT_OK(page);
  EXPECT_THAT(page->leaf_hashes(), SizeIs(2));
  EXPECT_EQ(page->next_start(), 3);
}

}  // namespace
}  // namespace veche::polling::testing
