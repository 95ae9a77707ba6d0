#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/crypto/ed25519.h"
#include "common/observe/telemetry.h"
#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/polling/board/ballot_box.h"
#include "services/polling/board/board.h"
#include "services/polling/board/checkers.h"
#include "services/polling/board/receipts.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/storage/board_store.h"
#include "services/polling/storage/migrations.h"
#include "services/polling/storage/poll_store.h"
#include "services/polling/testing/test_poll.h"
#include "services/polling/workers/board_keeper.h"

namespace veche::polling::testing {

// A ballot box with one open poll, on one of the engines.
class BoxTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_, {rpc::IdempotencyMigrations(), Migrations()}));
    checkers_ = std::make_unique<Checkers>(*database_, polls_);
    box_ = std::make_unique<BallotBox>(*database_, polls_, entries_, *checkers_, clock_, [] {});
    receipts_ = std::make_unique<Receipts>(*database_, polls_, entries_, board_);
    keeper_ = MakeKeeper();
    OpenPoll();
  }

  std::unique_ptr<BoardKeeper> MakeKeeper() {
    return std::make_unique<BoardKeeper>(*database_, polls_, entries_, board_, clock_, telemetry_,
                                         [] {});
  }

  // The definition as the board's first entry, and a gate.
  void OpenPoll() {
    Poll poll{.id = test_.definition.poll,
              .state = PollState::kOpen,
              .definition = test_.definition,
              .close_time = absl::FromUnixSeconds(test_.definition.close_time),
              .create_time = clock_.Now()};
    ASSERT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      poll.tree_size = 0;
      auto status =
          board_.Append(transaction, poll,
                        {protocol::EncodeEntry(protocol::EntryKind::kDefinition,
                                               protocol::EncodeDefinition(poll.definition))});
      if (!status.ok()) return status;
      status = polls_.Add(transaction, poll);
      return status.ok() ? polls_.OpenGate(transaction, poll) : status;
    }));
  }

  absl::StatusOr<Poll> GetPoll() {
    std::optional<Poll> poll;
    const absl::Status status = database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto found = polls_.Get(transaction, test_.definition.poll);
      if (!found.ok()) return found.status();
      poll = *std::move(found);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    return poll ? absl::StatusOr<Poll>(*poll) : absl::NotFoundError("no poll");
  }

  std::vector<std::string> Entries() {
    std::vector<std::string> entries;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto found = entries_.ListEntries(transaction, test_.definition.poll, 0, 1'000'000);
      if (!found.ok()) return found.status();
      entries = *std::move(found);
      return absl::OkStatus();
    }));
    return entries;
  }

  TestPoll test_;
  veche::testing::FakeClock clock_{absl::FromUnixSeconds(test_.definition.open_time + 3600)};
  observe::Telemetry telemetry_ = observe::NullTelemetry();
  std::unique_ptr<sql::Database> database_;
  PollStore polls_;
  BoardStore entries_;
  Board board_{entries_, test_.board_key(), clock_};
  std::unique_ptr<Checkers> checkers_;
  std::unique_ptr<BallotBox> box_;
  std::unique_ptr<Receipts> receipts_;
  std::unique_ptr<BoardKeeper> keeper_;
};

}  // namespace veche::polling::testing
