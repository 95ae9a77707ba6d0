#include "services/issuer/workers/key_destroyer.h"

#include <gtest/gtest.h>

#include "services/issuer/testing/fixture.h"

namespace veche::issuer {
namespace {

using testing::MakePollKey;
using veche::testing::HasReason;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

class KeyDestroyerTest : public ::testing::Test {
 protected:
  KeyDestroyerTest() { EXPECT_OK(testing::MigrateAll(*database_)); }

  void Add(const PollKey& key) {
    ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
      return store_.FindOrAddPollKey(transaction, key, clock_.Now()).status();
    }));
  }

  const KeyVault vault_{std::string(32, 'k')};
  const std::unique_ptr<sql::Database> database_ = sql::testing::OpenInMemory();
  veche::testing::FakeClock clock_;
  Store store_;
  KeyRing keys_{*database_, store_, vault_};
  observe::Telemetry telemetry_ = observe::NullTelemetry();
  KeyDestroyer destroyer_{*database_, store_, keys_, clock_, telemetry_};
};

TEST_F(KeyDestroyerTest, DestroysAKeyAtItsCloseTimeAndNotBefore) {
  const PollKey key = MakePollKey(vault_, clock_.Now());
  Add(key);
  clock_.Set(key.poll.close_time - absl::Seconds(1));
  EXPECT_THAT(destroyer_.DestroyDue(), IsOkAndHolds(absl::Seconds(1)));
  EXPECT_OK(keys_.Get("p1"));
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(destroyer_.DestroyDue());
  EXPECT_THAT(keys_.Get("p1"), HasReason("POLL_CLOSED")) << "it is out of memory as well";
}

TEST_F(KeyDestroyerTest, AKeyThatCannotBeDestroyedDoesNotKeepTheOthers) {
  PollKey later = MakePollKey(vault_, clock_.Now(), "p2");
  later.poll.close_time += absl::Seconds(1);
  Add(MakePollKey(vault_, clock_.Now()));
  Add(later);
  clock_.Set(later.poll.close_time);
  // The log has an entry of the first key's end already, so that end fails.
  ASSERT_OK(database_->Write([](sql::Transaction& transaction) {
    return transaction
        .Execute(
            "INSERT INTO key_log (poll, event, cause, log_time) "
            "VALUES ('p1', 'veche.issuer.poll_key_destroyed', 'CALL', 0)")
        .status();
  }));
  EXPECT_THAT(destroyer_.DestroyDue(), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(keys_.Get("p2"), HasReason("POLL_CLOSED"));
}

TEST_F(KeyDestroyerTest, AKeyThatAnotherReplicaDestroyedLeavesTheMemory) {
  Add(MakePollKey(vault_, clock_.Now()));
  ASSERT_OK(keys_.Get("p1"));
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return store_.DestroyPollKey(transaction, "p1", DestroyCause::kCall, clock_.Now()).status();
  }));
  EXPECT_OK(keys_.Get("p1"));
  ASSERT_OK(destroyer_.DestroyDue());
  EXPECT_THAT(keys_.Get("p1"), HasReason("POLL_CLOSED"));
}

TEST_F(KeyDestroyerTest, AKeyOfAnotherInstallationDoesNotOpen) {
  Add(MakePollKey(KeyVault(std::string(32, 'x')), clock_.Now()));
  EXPECT_THAT(keys_.Get("p1"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(keys_.Get("p2"), HasReason("POLL_KEY_NOT_FOUND"));
}

}  // namespace
}  // namespace veche::issuer
