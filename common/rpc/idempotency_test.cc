#include "common/rpc/idempotency.h"

#include <thread>

#include "absl/synchronization/notification.h"
#include "common/base/status_macros.h"
#include "common/rpc/probe.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"

namespace veche::rpc::testing {
namespace {

using ::testing::Gt;
using ::veche::testing::HasReason;
using ::veche::testing::IsOkAndHolds;
using ::veche::testing::StatusIs;

class IdempotencyTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << "no " << GetParam().name;
    std::vector<EmbeddedFile> migrations(IdempotencyMigrations().begin(),
                                         IdempotencyMigrations().end());
    migrations.push_back({"0001_counters.sql",
                          "CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);"});
    ASSERT_OK(sql::Migrate(*database_, migrations));
    idempotency_ = std::make_unique<Idempotency>(*database_, clock_);
    probe_ = MakeProbe(*idempotency_);
  }

  std::unique_ptr<Probe> MakeProbe(Idempotency& idempotency) {
    auto probe = std::make_unique<Probe>(DispatcherOptions{}, &idempotency);
    probe->handlers.increment = [this](const Call& call, const v1::IncrementRequest& request) {
      return Increment(call, request);
    };
    return probe;
  }

  // Like a service's handler: the change and the answer in one transaction.
  absl::StatusOr<v1::IncrementResponse> Increment(const Call& call,
                                                  const v1::IncrementRequest& request) {
    if (before_) before_();
    v1::IncrementResponse response;
    RETURN_IF_ERROR(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(auto rows,
                       transaction.Query("INSERT INTO counters (name, value) VALUES ($1, 1) "
                                         "ON CONFLICT (name) DO UPDATE "
                                         "SET value = counters.value + 1 RETURNING value",
                                         request.counter()));
      response.set_value(rows[0].Int(0));
      return call.Remember(transaction, response);
    }));
    return response;
  }

  absl::StatusOr<int64_t> Count(Probe& probe, const std::string& key, const std::string& counter,
                                const auth::Principal& principal = Resident("r"),
                                const std::string& address = "") {
    v1::IncrementRequest request;
    request.set_counter(counter);
    for (const char* label : {"a", "b", "c", "d", "e"}) (*request.mutable_labels())[label] = label;
    auto context = probe.ContextFor(principal);
    if (!key.empty()) context->AddMetadata("idempotency-key", key);
    if (!address.empty()) context->AddMetadata("x-veche-client-address", address);
    v1::IncrementResponse response;
    grpc::Status status = probe.stub()->Increment(context.get(), request, &response);
    if (!status.ok()) return FromGrpc(status);
    return response.value();
  }

  SystemClock clock_;
  std::function<void()> before_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<Idempotency> idempotency_;
  std::unique_ptr<Probe> probe_;
};

INSTANTIATE_TEST_SUITE_P(Engines, IdempotencyTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(IdempotencyTest, WithoutAKeyEveryCallCounts) {
  EXPECT_THAT(Count(*probe_, "", "c"), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, "", "c"), IsOkAndHolds(2));
}

TEST_P(IdempotencyTest, ARepeatGetsTheSameAnswerAndChangesNothing) {
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, "other", "c"), IsOkAndHolds(2));
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
}

TEST_P(IdempotencyTest, AKeyBelongsToItsCaller) {
  EXPECT_THAT(Count(*probe_, "k", "c", Resident("a")), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, "k", "c", Resident("b")), IsOkAndHolds(2));
  EXPECT_THAT(Count(*probe_, "k", "c", Resident("a")), IsOkAndHolds(1));
}

TEST_P(IdempotencyTest, AnUnguessableKeyNamesItsGuest) {
  const auth::Principal guest;
  const std::string key = "0123456789abcdef";
  EXPECT_THAT(Count(*probe_, key, "c", guest, "10.0.0.1"), IsOkAndHolds(1));
  // The phone has moved to another network.
  EXPECT_THAT(Count(*probe_, key, "c", guest, "10.0.0.2"), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, key, "another", guest), HasReason("IDEMPOTENCY_KEY_REUSED"));
  EXPECT_THAT(Count(*probe_, "fedcba9876543210", "c", guest), IsOkAndHolds(2));
}

TEST_P(IdempotencyTest, AShortKeyIsOfAGuestAtOneAddress) {
  const auth::Principal guest;
  EXPECT_THAT(Count(*probe_, "1", "c", guest, "10.0.0.1"), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, "1", "c", guest, "10.0.0.1"), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, "1", "another", guest, "10.0.0.1"),
              HasReason("IDEMPOTENCY_KEY_REUSED"));
  EXPECT_THAT(Count(*probe_, "1", "c", guest, "10.0.0.2"), IsOkAndHolds(2));
}

TEST_P(IdempotencyTest, NeitherKeyNorRequestCanBeReadFromTheTable) {
  EXPECT_THAT(Count(*probe_, "my-own-key", "c"), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, "another-key", "c"), IsOkAndHolds(2));
  ASSERT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT key, fingerprint FROM idempotency_keys"));
    EXPECT_EQ(rows.size(), 2);
    EXPECT_NE(rows[0].Text(0), "my-own-key");
    EXPECT_NE(rows[0].Text(1), rows[1].Text(1)) << "the print of one request under two keys";
    return absl::OkStatus();
  }));
}

TEST_P(IdempotencyTest, AnotherRequestWithTheKeyIsRefused) {
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
  auto refused = Count(*probe_, "k", "another");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(refused, HasReason("IDEMPOTENCY_KEY_REUSED"));
}

TEST_P(IdempotencyTest, TheKeyIsBounded) {
  EXPECT_THAT(Count(*probe_, std::string(128, 'k'), "c"), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, std::string(129, 'k'), "c"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_P(IdempotencyTest, ATwinInFlightIsToldToWait) {
  absl::Notification running;
  absl::Notification go;
  before_ = [&] {
    running.Notify();
    go.WaitForNotification();
  };
  std::thread first([&] { EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1)); });
  running.WaitForNotification();
  absl::Status refused = Count(*probe_, "k", "c").status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(refused, HasReason("IDEMPOTENCY_KEY_IN_USE"));
  EXPECT_THAT(RetryAfter(refused), Gt(absl::ZeroDuration()));
  go.Notify();
  first.join();
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
}

TEST_P(IdempotencyTest, FiftyTwinsHaveOneEffect) {
  constexpr int kTwins = 50;
  std::vector<std::thread> twins;
  for (int i = 0; i < kTwins; ++i) {
    twins.emplace_back([&] {
      absl::StatusOr<int64_t> value = Count(*probe_, "k", "c");
      while (absl::IsAborted(value.status())) {
        std::this_thread::yield();
        value = Count(*probe_, "k", "c");
      }
      EXPECT_THAT(value, IsOkAndHolds(1));
    });
  }
  for (std::thread& twin : twins) twin.join();
  EXPECT_THAT(Count(*probe_, "", "c"), IsOkAndHolds(2));
}

TEST_P(IdempotencyTest, TwinsOnTwoReplicasHaveOneEffect) {
  Idempotency other_idempotency(*database_, clock_);
  auto other = MakeProbe(other_idempotency);
  absl::Notification running;
  absl::Notification go;
  std::atomic<int> entered = 0;
  before_ = [&] {
    if (++entered > 1) return;
    running.Notify();
    go.WaitForNotification();
  };
  // The first call has found no stored answer when the same call is answered on another replica.
  std::thread first([&] { EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1)); });
  running.WaitForNotification();
  EXPECT_THAT(Count(*other, "k", "c"), IsOkAndHolds(1));
  go.Notify();
  first.join();
  EXPECT_EQ(entered, 2);
  EXPECT_THAT(Count(*probe_, "", "c"), IsOkAndHolds(2)) << "the late one was rolled back";
}

TEST_P(IdempotencyTest, ACallThatFailedMayBeRepeated) {
  probe_->handlers.increment = [&](const Call& call, const v1::IncrementRequest& request)
      -> absl::StatusOr<v1::IncrementResponse> { return absl::FailedPreconditionError("not now"); };
  EXPECT_THAT(Count(*probe_, "k", "c"), StatusIs(absl::StatusCode::kFailedPrecondition));
  probe_->handlers.increment = [&](const Call& call, const v1::IncrementRequest& request) {
    return Increment(call, request);
  };
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
}

TEST_P(IdempotencyTest, ReadsTakeNoKey) {
  bool keyed = true;
  probe_->handlers.read = [&](const Call& call, const v1::ReadRequest&) {
    keyed = call.idempotency_key().has_value();
    return v1::EchoResponse();
  };
  auto context = probe_->ContextFor();
  context->AddMetadata("idempotency-key", "k");
  v1::EchoResponse response;
  EXPECT_OK(FromGrpc(probe_->stub()->Read(context.get(), {}, &response)));
  EXPECT_FALSE(keyed);
}

TEST_P(IdempotencyTest, ForgetsAfterFortyEightHours) {
  veche::testing::FakeClock clock(absl::Now());
  Idempotency idempotency(*database_, clock);
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
  clock.Advance(absl::Hours(47));
  EXPECT_THAT(idempotency.Prune(), IsOkAndHolds(0));
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
  clock.Advance(absl::Hours(2));
  EXPECT_THAT(idempotency.Prune(), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(2));
}

TEST_P(IdempotencyTest, PrunesMoreThanOneBatch) {
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    for (int i = 0; i < 1'200; ++i) {
      RETURN_IF_ERROR(transaction
                          .Execute("INSERT INTO idempotency_keys (caller, key, fingerprint, "
                                   "response, create_time) VALUES ($1, $2, '', '', $3)",
                                   "guest", absl::StrCat(i), i)
                          .status());
    }
    return absl::OkStatus();
  }));
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
  const SystemClock clock;
  EXPECT_THAT(Idempotency(*database_, clock).Prune(), IsOkAndHolds(1'200));
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
}

TEST_P(IdempotencyTest, AnOldAnswerIsReplacedThoughNobodyPruned) {
  EXPECT_THAT(Count(*probe_, "k", "c"), IsOkAndHolds(1));
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return transaction
        .Execute("UPDATE idempotency_keys SET create_time = create_time - $1",
                 absl::ToInt64Microseconds(absl::Hours(49)))
        .status();
  }));
  EXPECT_THAT(Count(*probe_, "k", "another"), IsOkAndHolds(1)) << "a new request with the old key";
  EXPECT_THAT(Count(*probe_, "k", "another"), IsOkAndHolds(1));
  EXPECT_THAT(Count(*probe_, "k", "c"), HasReason("IDEMPOTENCY_KEY_REUSED"));
}

}  // namespace
}  // namespace veche::rpc::testing
