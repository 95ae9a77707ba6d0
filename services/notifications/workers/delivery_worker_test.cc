#include "services/notifications/workers/delivery_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/crypto/p256.h"
#include "common/events/event_log.h"
#include "common/http/server.h"
#include "common/rpc/idempotency.h"
#include "common/sql/commit_bell.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/sending/push_sender.h"
#include "services/notifications/storage/migrations.h"
#include "services/notifications/workers/contact_worker.h"

namespace veche::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A push service over HTTPS: "/201/x" answers 201, "/429/x" with Retry-After, "/hang/x" not at all.
// A status can be changed for all.
class PushService final : public http::Handler {
 public:
  void Handle(http::ExchangePtr exchange) override {
    if (!exchange->request().has_body()) return Answer(exchange);
    exchange->ReadBody(5000, [this, exchange] { Answer(exchange); });
  }
  http::Response Refuse(const http::Refusal& refusal) override {
    http::Response response;
    response.status = refusal.status;
    return response;
  }

  void AnswerAllWith(int status) {
    absl::MutexLock lock(&mutex_);
    status_ = status;
  }
  std::vector<std::string> topics() {
    absl::MutexLock lock(&mutex_);
    return topics_;
  }

 private:
  void Answer(const http::ExchangePtr& exchange) {
    const http::Request& request = exchange->request();
    absl::MutexLock lock(&mutex_);
    topics_.emplace_back(request.Header("topic"));
    absl::string_view target = request.target;
    http::Response response;
    if (absl::ConsumePrefix(&target, "/hang/")) {
      kept_.push_back(exchange);
      return;
    }
    EXPECT_TRUE(absl::SimpleAtoi(target.substr(1, 3), &response.status));
    if (status_ != 0) response.status = status_;
    if (response.status == 429) response.Add("Retry-After", "30");
    exchange->Send(std::move(response));
  }

  absl::Mutex mutex_;
  int status_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> topics_ ABSL_GUARDED_BY(mutex_);
  std::vector<http::ExchangePtr> kept_ ABSL_GUARDED_BY(mutex_);
};

// Says the same to everybody, except "gone" posts; fails while told to.
class Messages final : public MessageSource {
 public:
  absl::StatusOr<std::vector<bool>> Write(absl::Span<Job> jobs) override {
    std::vector<bool> written;
    for (Job& job : jobs) {
      job.message = {.title = "T", .severity = job.first().severity};
      written.push_back(job.first().post != 404);
    }
    return written;
  }
};

class DeliveryWorkerTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
    database_ = std::make_unique<sql::testing::CommitBell>(std::move(database));
    ASSERT_OK(sql::Migrate(*database_,
                           {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
    const std::string folder = absl::StrCat(::testing::TempDir(), "/veche_push_service");
    ASSERT_EQ(
        std::system(absl::StrCat("mkdir -p ", folder, " && test -f ", folder,
                                 "/cert.pem || openssl req -x509 -newkey rsa:2048 -nodes ",
                                 "-subj /CN=push -addext subjectAltName=IP:127.0.0.1 ", "-keyout ",
                                 folder, "/key.pem -out ", folder, "/cert.pem -days 2 2>/dev/null")
                        .c_str()),
        0);
    auto server = http::Server::Start({.address = "127.0.0.1:0",
                                       .tls_certificate_file = folder + "/cert.pem",
                                       .tls_key_file = folder + "/key.pem"},
                                      service_);
    ASSERT_OK(server);
    server_ = *std::move(server);
    auto client =
        http_client::Client::Create({.ca_file = folder + "/cert.pem", .private_addresses = true});
    ASSERT_OK(client);
    client_ = *std::move(client);
    sender_.emplace(*database_, endpoints_, &signer_);
    StartWorker();
  }
  void StartWorker() {
    worker_.emplace(options_, DeliveryWorker::Parts{*database_, store_, messages_, *sender_,
                                                    *client_, clock_, telemetry_});
    worker_->Start();
  }

  // A delivery to a browser whose push service answers with `status`.
  NewDelivery MakeDelivery(const std::string& status, int64_t post = 7,
                           Severity severity = Severity::kInfo) {
    const std::string id = absl::StrFormat("01k%023d", ++last_id_);
    EXPECT_OK(database_->Write([&](sql::Transaction& transaction) {
      return endpoints_
          .PutPush(transaction, {.id = id,
                                 .subscriber = "residents/1",
                                 .endpoint = absl::StrCat("https://127.0.0.1:", server_->port(),
                                                          "/", status, "/", id),
                                 .p256dh = p256dh_,
                                 .auth = std::string(16, 'a'),
                                 .create_time = clock_.Now()})
          .status();
    }));
    return {.id = id,
            .subscriber = "residents/1",
            .endpoint = id,
            .post = post,
            .severity = severity,
            .due_time = clock_.Now()};
  }
  void Add(const std::vector<NewDelivery>& batch) {
    ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
      return store_.AddBatch(transaction, batch, clock_.Now()).status();
    }));
    worker_->Wake();
  }
  Delivery Get(const std::string& id) {
    std::optional<Delivery> delivery;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(delivery, store_.Get(transaction, id));
      return absl::OkStatus();
    }));
    return *delivery;
  }
  // Waits until the delivery is in `state` after `attempt` attempts.
  Delivery WaitFor(const std::string& id, DeliveryState state, int attempt = 1) {
    Delivery delivery;
    EXPECT_TRUE(database_->Await([&] {
      delivery = Get(id);
      return delivery.state == state && delivery.attempt == attempt;
    })) << "still in state "
        << static_cast<int>(delivery.state) << " at attempt " << delivery.attempt;
    return delivery;
  }
  size_t PushSubscriptions() {
    std::vector<PushSubscription> all;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(all, endpoints_.ListPush(transaction, "residents/1"));
      return absl::OkStatus();
    }));
    return all.size();
  }

  DeliveryWorkerOptions options_{.limits = {.concurrency = 16, .rate = 1e6},
                                 .request_timeout = absl::Milliseconds(200),
                                 .poll = absl::Milliseconds(5)};
  PushService service_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<sql::testing::CommitBell> database_;
  veche::testing::FakeClock clock_;
  observe::Telemetry telemetry_ = observe::NullTelemetry();
  DeliveryStore store_;
  EndpointStore endpoints_{std::string(32, 'k')};
  VapidSigner signer_{crypto::GenerateP256(), "mailto:a@example.org"};
  const std::string p256dh_ = crypto::P256Point(*crypto::GenerateP256());
  std::optional<PushSender> sender_;
  Messages messages_;
  std::unique_ptr<http_client::Client> client_;
  std::optional<DeliveryWorker> worker_;
  int last_id_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, DeliveryWorkerTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(DeliveryWorkerTest, SendsEachOnce) {
  std::vector<NewDelivery> batch;
  std::set<std::string> keys;
  for (int i = 0; i < 200; ++i) {
    batch.push_back(MakeDelivery("201"));
    keys.insert(MessageKey(batch.back()));
  }
  Add(batch);
  for (const NewDelivery& delivery : batch) WaitFor(delivery.id, DeliveryState::kSent);
  const std::vector<std::string> topics = service_.topics();
  EXPECT_THAT(topics, SizeIs(200));
  EXPECT_EQ(std::set<std::string>(topics.begin(), topics.end()), keys);
}

TEST_P(DeliveryWorkerTest, ForgetsBrowsersThatAreGone) {
  const std::vector<NewDelivery> batch = {MakeDelivery("404"), MakeDelivery("410"),
                                          MakeDelivery("201")};
  Add(batch);
  EXPECT_EQ(WaitFor(batch[0].id, DeliveryState::kFailed).error, "HTTP_404");
  EXPECT_EQ(WaitFor(batch[1].id, DeliveryState::kFailed).error, "HTTP_410");
  WaitFor(batch[2].id, DeliveryState::kSent);
  EXPECT_EQ(PushSubscriptions(), 1);
  const NewDelivery again{.id = "01k00000000000000000009999",
                          .subscriber = "residents/1",
                          .endpoint = batch[0].endpoint,
                          .post = 8,
                          .due_time = clock_.Now()};
  Add({again});
  EXPECT_EQ(WaitFor(again.id, DeliveryState::kFailed).error, "GONE");
}

TEST_P(DeliveryWorkerTest, GivesUpWhatIsRefused) {
  const NewDelivery large = MakeDelivery("413");
  Add({large});
  EXPECT_EQ(WaitFor(large.id, DeliveryState::kDead).error, "HTTP_413");
  EXPECT_EQ(PushSubscriptions(), 1);
}

TEST_P(DeliveryWorkerTest, RetriesUnderTheSameTopic) {
  const NewDelivery delivery = MakeDelivery("500");
  Add({delivery});
  const Delivery failed = WaitFor(delivery.id, DeliveryState::kQueued);
  EXPECT_EQ(failed.error, "HTTP_500");
  EXPECT_GE(failed.due_time, clock_.Now() + absl::Seconds(2));
  service_.AnswerAllWith(201);
  clock_.Advance(absl::Seconds(6));
  WaitFor(delivery.id, DeliveryState::kSent, 2);
  EXPECT_THAT(service_.topics(), ElementsAre(MessageKey(delivery), MessageKey(delivery)));
}

TEST_P(DeliveryWorkerTest, WaitsAsLongAsTheProviderWants) {
  const NewDelivery delivery = MakeDelivery("429");
  Add({delivery});
  EXPECT_GE(WaitFor(delivery.id, DeliveryState::kQueued).due_time,
            clock_.Now() + absl::Seconds(30));
  // Others of the provider wait as well, and no attempt of theirs is counted.
  const NewDelivery other = MakeDelivery("201");
  Add({other});
  absl::Time due = clock_.Now();
  while (due == clock_.Now()) due = WaitFor(other.id, DeliveryState::kQueued, 0).due_time;
  EXPECT_GE(due, clock_.Now() + absl::Seconds(30));
  EXPECT_THAT(service_.topics(), SizeIs(1));
}

TEST_P(DeliveryWorkerTest, RetriesWhatTimesOut) {
  const NewDelivery delivery = MakeDelivery("hang");
  Add({delivery});
  EXPECT_EQ(WaitFor(delivery.id, DeliveryState::kQueued).error, "TIMEOUT");
}

TEST_P(DeliveryWorkerTest, GivesUpAfterManyAttempts) {
  const NewDelivery delivery = MakeDelivery("503");
  Add({delivery});
  for (int attempt = 1; attempt < 12; ++attempt) {
    WaitFor(delivery.id, DeliveryState::kQueued, attempt);
    clock_.Advance(absl::Hours(1.1));
  }
  EXPECT_EQ(WaitFor(delivery.id, DeliveryState::kDead, 12).error, "HTTP_503");
}

TEST_P(DeliveryWorkerTest, LeavesAFailingProviderAlone) {
  std::vector<NewDelivery> batch;
  for (int i = 0; i < 300; ++i) batch.push_back(MakeDelivery("500"));
  Add(batch);
  for (const NewDelivery& delivery : batch) {
    EXPECT_TRUE(database_->Await([&] { return Get(delivery.id).due_time != clock_.Now(); }));
  }
  // Five failures in a row open the circuit; only what runs besides them reaches the provider.
  EXPECT_LE(service_.topics().size(), 5 + 16);
}

TEST_P(DeliveryWorkerTest, SendsWhatADeadProcessHadClaimed) {
  const NewDelivery delivery = MakeDelivery("201");
  worker_.reset();
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(
        store_.AddBatch(transaction, absl::MakeConstSpan(&delivery, 1), clock_.Now()).status());
    return store_.Claim(transaction, Channel::kWebPush, clock_.Now(), absl::Seconds(60), 10)
        .status();
  }));
  clock_.Advance(absl::Seconds(60));
  StartWorker();
  WaitFor(delivery.id, DeliveryState::kSent, 2);
}

TEST_P(DeliveryWorkerTest, DropsWhatHasNothingToSay) {
  const NewDelivery withdrawn = MakeDelivery("201", /*post=*/404);
  Add({withdrawn});
  EXPECT_EQ(WaitFor(withdrawn.id, DeliveryState::kFailed).error, "WITHDRAWN");
  EXPECT_THAT(service_.topics(), IsEmpty());
}

TEST_P(DeliveryWorkerTest, SendsADigestAsOneMessage) {
  std::vector<NewDelivery> batch = {MakeDelivery("201")};
  batch[0].digest = clock_.Now();
  for (int i = 1; i < 4; ++i) {
    batch.push_back(batch[0]);
    batch.back().id = absl::StrFormat("01k%023d", 1000 + i);
    batch.back().post = 7 + i;
  }
  Add(batch);
  for (const NewDelivery& delivery : batch) WaitFor(delivery.id, DeliveryState::kSent);
  EXPECT_THAT(service_.topics(), ElementsAre(MessageKey(batch[0])));
}

// Identity: takes all but what it is told to refuse.
class Contacts final : public ContactSender {
 public:
  absl::StatusOr<std::vector<Verdict>> Send(absl::Span<const ContactMessage> messages) override {
    absl::MutexLock lock(&mutex_);
    if (!answers_) return absl::UnavailableError("identity is silent");
    calls_.push_back(messages.size());
    std::vector<Verdict> verdicts(messages.size());
    for (size_t i = 0; i < messages.size(); ++i) {
      if (messages[i].recipient == "residents/none") {
        verdicts[i] = {.kind = Verdict::Kind::kGone, .error = "NO_CONTACT"};
      }
    }
    return verdicts;
  }
  void Answer(bool answers) {
    absl::MutexLock lock(&mutex_);
    answers_ = answers;
  }
  std::vector<size_t> calls() {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }

 private:
  absl::Mutex mutex_;
  bool answers_ ABSL_GUARDED_BY(mutex_) = true;
  std::vector<size_t> calls_ ABSL_GUARDED_BY(mutex_);
};

TEST_P(DeliveryWorkerTest, HandsContactsOverByThePage) {
  Contacts contacts;
  contacts.Answer(false);
  ContactWorker worker({.poll = absl::Milliseconds(5), .page = 50},
                       {*database_, store_, messages_, contacts, clock_, telemetry_});
  std::vector<NewDelivery> batch;
  for (int i = 0; i < 120; ++i) {
    batch.push_back({.id = absl::StrFormat("01k%023d", i),
                     .subscriber = i == 3 ? "residents/none" : absl::StrCat("residents/", i),
                     .channel = Channel::kContact,
                     .notice = 5,
                     .due_time = clock_.Now()});
  }
  Add(batch);
  worker.Start();
  EXPECT_EQ(WaitFor(batch[0].id, DeliveryState::kQueued).error, "NOT_HANDED_OVER");
  contacts.Answer(true);
  clock_.Advance(absl::Seconds(10));
  worker.Wake();
  WaitFor(batch[0].id, DeliveryState::kSent, 2);
  EXPECT_EQ(WaitFor(batch[3].id, DeliveryState::kFailed, 2).error, "NO_CONTACT");
  for (int i = 4; i < 120; ++i) {
    ASSERT_TRUE(database_->Await([&] { return Get(batch[i].id).state == DeliveryState::kSent; }));
  }
  EXPECT_THAT(contacts.calls(), ::testing::Each(::testing::Le(50)));
  EXPECT_LE(contacts.calls().size(), 4);
}

}  // namespace
}  // namespace veche::notifications
