#include "services/issuer/storage/store.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"
#include "services/issuer/testing/fixture.h"

namespace veche::issuer {
namespace {

using sql::Transaction;
using ::testing::Eq;
using testing::MakePollKey;
using ::testing::Optional;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using veche::testing::HasReason;
using veche::testing::IsOkAndHolds;

// What every engine must do.
class StoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    ASSERT_OK(testing::MigrateAll(*database_));
  }

  template <typename Body>
  auto Write(Body body) {
    std::invoke_result_t<Body, Transaction&> result;
    const absl::Status status = database_->Write([&](Transaction& transaction) {
      result = body(transaction);
      return veche::testing::AsStatus(result);
    });
    if (!status.ok()) result = status;
    return result;
  }
  absl::StatusOr<PollKey> Add(const PollKey& key) {
    return Write([&](Transaction& t) { return store_.FindOrAddPollKey(t, key, clock_.Now()); });
  }
  absl::StatusOr<bool> Destroy(const std::string& poll) {
    return Write([&](Transaction& t) {
      return store_.DestroyPollKey(t, poll, DestroyCause::kCall, clock_.Now());
    });
  }
  absl::StatusOr<std::string> Issue(const std::string& resident, const std::string& hash,
                                    const std::string& district = "districts/a") {
    return Write([&](Transaction& t) {
      return store_.FindOrAddCredential(
          t, {.poll = "p1", .resident = resident, .message_hash = hash, .district = district});
    });
  }

  const KeyVault vault_{std::string(32, 'k')};
  veche::testing::FakeClock clock_;
  std::unique_ptr<sql::Database> database_;
  Store store_;
};

TEST_P(StoreTest, ReadsAKeyAsWritten) {
  PollKey key = MakePollKey(vault_, clock_.Now());
  key.poll.eligibility.districts = {"districts/a", "districts/b"};
  ASSERT_OK(Add(key));
  const auto read = Write([&](Transaction& t) { return store_.GetPollKey(t, "p1"); });
  ASSERT_OK(read);
  ASSERT_TRUE(read->has_value());
  EXPECT_EQ((*read)->poll, key.poll);
  EXPECT_EQ((*read)->public_key, key.public_key);
  EXPECT_EQ((*read)->sealed_key, key.sealed_key);
  EXPECT_FALSE((*read)->destroyed());
  EXPECT_THAT(Write([&](Transaction& t) { return store_.GetPollKey(t, "p2"); }),
              IsOkAndHolds(Eq(std::nullopt)));
}

TEST_P(StoreTest, ThePollsFirstKeyStays) {
  const PollKey first = MakePollKey(vault_, clock_.Now());
  PollKey second = first;
  second.public_key = "other";
  ASSERT_OK(Add(first));
  const auto present = Add(second);
  ASSERT_OK(present);
  EXPECT_EQ(present->public_key, first.public_key);
}

TEST_P(StoreTest, ADestroyedKeyIsOverwrittenAndLogged) {
  const PollKey added = MakePollKey(vault_, clock_.Now());
  ASSERT_OK(Add(added));
  EXPECT_THAT(Destroy("p1"), IsOkAndHolds(true));
  EXPECT_THAT(Destroy("p1"), IsOkAndHolds(false));
  EXPECT_THAT(Destroy("p2"), IsOkAndHolds(false));
  const auto key = Write([&](Transaction& t) { return store_.GetPollKey(t, "p1"); });
  EXPECT_EQ((*key)->sealed_key, "");
  EXPECT_EQ((*key)->destroy_time, clock_.Now());
  ASSERT_OK(database_->Read([&](Transaction& t) -> absl::Status {
    const auto rows = t.Query("SELECT event, cause, key_hash FROM key_log ORDER BY event");
    EXPECT_THAT(*rows, SizeIs(2));
    EXPECT_EQ(rows->at(1).Text(0), "veche.issuer.poll_key_destroyed");
    EXPECT_EQ(rows->at(1).Text(1), "CALL");
    for (const sql::Row& row : *rows) {
      EXPECT_EQ(row.Bytes(2), crypto::Sha256(added.public_key));
    }
    return absl::OkStatus();
  }));
}

TEST_P(StoreTest, LivingKeysAreListedByCloseTime) {
  PollKey later = MakePollKey(vault_, clock_.Now(), "p1");
  later.poll.close_time += absl::Hours(1);
  ASSERT_OK(Add(later));
  ASSERT_OK(Add(MakePollKey(vault_, clock_.Now(), "p2")));
  ASSERT_OK(Add(MakePollKey(vault_, clock_.Now(), "p3")));
  ASSERT_OK(Destroy("p3"));
  const auto keys = Write([&](Transaction& t) { return store_.ListLivingKeys(t); });
  ASSERT_THAT(*keys, SizeIs(2));
  EXPECT_EQ(keys->at(0).poll, "p2");
  EXPECT_EQ(keys->at(1).poll, "p1");
  EXPECT_EQ(keys->at(1).close_time, later.poll.close_time);
}

TEST_P(StoreTest, AResidentHasOneCredentialOfAPoll) {
  ASSERT_OK(Add(MakePollKey(vault_, clock_.Now())));
  std::vector<std::string> hashes(32);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < hashes.size(); ++i) {
    threads.emplace_back([&, i] {
      const auto hash = Issue("residents/r", absl::StrCat("hash", i));
      ASSERT_OK(hash);
      hashes[i] = *hash;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(std::set<std::string>(hashes.begin(), hashes.end()), SizeIs(1));
  EXPECT_THAT(Write([&](Transaction& t) { return store_.FindCredential(t, "p1", "residents/r"); }),
              IsOkAndHolds(Optional(hashes[0])));
  EXPECT_THAT(Write([&](Transaction& t) { return store_.CountCredentials(t, "p1"); }),
              IsOkAndHolds(UnorderedElementsAre(Pair("districts/a", 1))));
}

TEST_P(StoreTest, CountsByDistrict) {
  ASSERT_OK(Add(MakePollKey(vault_, clock_.Now())));
  ASSERT_OK(Issue("residents/a", "1", "districts/a"));
  ASSERT_OK(Issue("residents/b", "2", "districts/b"));
  ASSERT_OK(Issue("residents/c", "3", "districts/b"));
  ASSERT_OK(Issue("residents/d", "4", ""));
  EXPECT_THAT(Write([&](Transaction& t) { return store_.CountCredentials(t, "p1"); }),
              IsOkAndHolds(UnorderedElementsAre(Pair("districts/a", 1), Pair("districts/b", 2),
                                                Pair("", 1))));
}

TEST_P(StoreTest, NoCredentialComesAfterTheKeyIsDestroyed) {
  ASSERT_OK(Add(MakePollKey(vault_, clock_.Now())));
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] { (void)Issue(absl::StrCat("residents/", i), "hash"); });
  }
  ASSERT_OK(Destroy("p1"));
  const auto counted = Write([&](Transaction& t) { return store_.CountCredentials(t, "p1"); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Write([&](Transaction& t) { return store_.CountCredentials(t, "p1"); }).value(),
            counted.value());
  EXPECT_THAT(Issue("residents/late", "hash"), HasReason("POLL_CLOSED"));
  EXPECT_THAT(Write([&](Transaction& t) {
                return store_.FindOrAddCredential(t, {.poll = "p2", .resident = "residents/r"});
              }),
              HasReason("POLL_CLOSED"));
}

TEST_P(StoreTest, TheFirstStatementKeyStays) {
  const auto find = [](Transaction& t) { return Store::FindStatementKey(t); };
  EXPECT_THAT(Write(find), IsOkAndHolds(Eq(std::nullopt)));
  const auto add = [&](absl::string_view sealed) {
    return Write([&](Transaction& t) { return store_.FindOrAddStatementKey(t, sealed); });
  };
  EXPECT_THAT(add("first"), IsOkAndHolds("first"));
  EXPECT_THAT(add("second"), IsOkAndHolds("first"));
  EXPECT_THAT(Write(find), IsOkAndHolds(Optional(std::string("first"))));
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

// Nobody reads from the database who came first: the rows' order is that of the residents' names.
TEST(CredentialOrderTest, IsNotThatOfInsertion) {
  const auto database = sql::testing::OpenInMemory();
  ASSERT_OK(testing::MigrateAll(*database));
  ASSERT_OK(database->Read([&](Transaction& t) -> absl::Status {
    const auto rows = t.Query("SELECT sql FROM sqlite_master WHERE name = 'credentials'");
    EXPECT_THAT(rows->at(0).Text(0), ::testing::HasSubstr("WITHOUT ROWID"));
    EXPECT_THAT(rows->at(0).Text(0), Not(::testing::ContainsRegex("time|BIGINT")))
        << "a column would tell an order";
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace veche::issuer
