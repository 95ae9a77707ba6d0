#include "common/rpc/direct.h"

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/probe.h"

namespace veche::rpc::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::veche::testing::HasReason;
using ::veche::testing::StatusIs;

constexpr char kProbe[] = "/veche.testing.v1.Probe/";

// Calls and waits for the answer.
template <typename Request, typename Response = v1::EchoResponse>
absl::StatusOr<Response> Ask(Probe& probe, absl::string_view method, const Request& request,
                             DirectService::Options options = {}) {
  absl::Notification over;
  absl::Status status;
  Response response;
  probe.dispatcher().Unary(absl::StrCat(kProbe, method), std::move(options),
                           request.SerializeAsString(),
                           [&](const absl::Status& ended, absl::string_view wire) {
                             status = ended;
                             EXPECT_TRUE(response.ParseFromString(std::string(wire)));
                             over.Notify();
                           });
  over.WaitForNotification();
  if (!status.ok()) return status;
  return response;
}

TEST(DirectTest, TellsTheHandlerWhoCalls) {
  Probe probe;
  for (const auth::Principal& principal :
       {auth::Principal{}, Resident("a"), Officer("b", "departments/roads"), Service("appeals")}) {
    auto response = Ask(probe, "Echo", v1::EchoRequest(), TestServer::DirectOptionsFor(principal));
    ASSERT_OK(response);
    EXPECT_EQ(response->text(), principal.name);
  }
}

TEST(DirectTest, ChecksWhatACallThroughGrpcIsCheckedFor) {
  Probe probe;
  EXPECT_THAT(Ask(probe, "AskResident", v1::AskResidentRequest()).status(),
              HasReason("TOKEN_REQUIRED"));
  EXPECT_THAT(Ask(probe, "AskResident", v1::AskResidentRequest(),
                  TestServer::DirectOptionsFor(Service("appeals")))
                  .status(),
              HasReason("SERVICE_NOT_ALLOWED"));
  EXPECT_THAT(
      Ask(probe, "Echo", v1::EchoRequest(), {{{"authorization", "Bearer nonsense"}}}).status(),
      HasReason("TOKEN_INVALID"));
  EXPECT_THAT(Ask(probe, "Demand", v1::DemandRequest()).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Ask(probe, "Echo", v1::EchoRequest(), {{}, absl::Now() - absl::Seconds(1)}).status(),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST(DirectTest, RefusesACallThatCouldNotAnswerInTime) {
  Probe probe;
  std::atomic<int> handled = 0;
  probe.handlers.echo = [&](const Call&, const v1::EchoRequest&) {
    ++handled;
    return v1::EchoResponse();
  };
  const auto ask = [&](absl::Duration left) {
    return Ask(probe, "Echo", v1::EchoRequest(), {{}, absl::Now() + left}).status();
  };
  EXPECT_THAT(ask(kLeastTime - absl::Milliseconds(10)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(handled, 0);
  EXPECT_OK(ask(absl::Minutes(1)));
  EXPECT_EQ(handled, 1);
}

TEST(DirectTest, KnowsItsUnaryMethodsAndSubscriptions) {
  Probe probe;
  EXPECT_TRUE(probe.dispatcher().Has(absl::StrCat(kProbe, "Echo")));
  EXPECT_FALSE(probe.dispatcher().Has(absl::StrCat(kProbe, "Watch"))) << "a stream";
  EXPECT_FALSE(probe.dispatcher().Has(absl::StrCat(kProbe, "Nothing")));
  EXPECT_TRUE(probe.dispatcher().HasSubscription(absl::StrCat(kProbe, "Watch")));
  EXPECT_FALSE(probe.dispatcher().HasSubscription(absl::StrCat(kProbe, "Echo")));
  EXPECT_FALSE(probe.dispatcher().HasSubscription(absl::StrCat(kProbe, "Download")));
}

TEST(DirectTest, KeepsWhatWentWrongInside) {
  Probe probe;
  probe.handlers.echo = [](const Call&,
                           const v1::EchoRequest&) -> absl::StatusOr<v1::EchoResponse> {
    throw std::runtime_error("secret");
  };
  const absl::Status status = Ask(probe, "Echo", v1::EchoRequest()).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("secret")));
}

TEST(DirectTest, CancellationReachesTheHandler) {
  Probe probe;
  absl::Notification running;
  absl::Notification cancelled;
  probe.handlers.echo = [&](const Call& call, const v1::EchoRequest&) {
    running.Notify();
    cancelled.WaitForNotification();
    v1::EchoResponse response;
    response.set_text(call.cancelled() ? "cancelled" : "");
    return response;
  };
  absl::Notification over;
  std::string answer;
  auto call = probe.dispatcher().Unary(absl::StrCat(kProbe, "Echo"), {}, "",
                                       [&](const absl::Status&, absl::string_view wire) {
                                         answer = std::string(wire);
                                         over.Notify();
                                       });
  running.WaitForNotification();
  call->Cancel();
  cancelled.Notify();
  over.WaitForNotification();
  EXPECT_THAT(answer, HasSubstr("cancelled"));
  call->Cancel();  // has no effect after the end
}

TEST(DirectTest, SkipsWhoLeftTheQueue) {
  Probe probe({.threads = 1, .queue = 1});
  absl::Notification running;
  absl::Notification go;
  std::atomic<int> ran = 0;
  probe.handlers.echo = [&](const Call&, const v1::EchoRequest&) {
    if (++ran == 1) running.Notify();
    go.WaitForNotification();
    return v1::EchoResponse();
  };
  absl::Notification answered;
  absl::Notification ended;
  absl::Status left;
  auto first =
      probe.dispatcher().Unary(absl::StrCat(kProbe, "Echo"), {}, "",
                               [&](const absl::Status&, absl::string_view) { answered.Notify(); });
  running.WaitForNotification();
  auto second = probe.dispatcher().Unary(absl::StrCat(kProbe, "Echo"), {}, "",
                                         [&](const absl::Status& status, absl::string_view) {
                                           left = status;
                                           ended.Notify();
                                         });
  second->Cancel();
  go.Notify();
  answered.WaitForNotification();
  ended.WaitForNotification();
  EXPECT_THAT(left, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(ran, 1) << "nobody waits for the second";
}

// Keeps what a subscription brings.
class Receiver final : public StreamReceiver {
 public:
  void OnMessage(absl::string_view wire) override {
    v1::Chunk chunk;
    EXPECT_TRUE(chunk.ParseFromString(std::string(wire)));
    absl::MutexLock lock(&mutex_);
    messages_.push_back(chunk.bytes());
  }
  void OnDone(const absl::Status& status) override {
    absl::MutexLock lock(&mutex_);
    EXPECT_FALSE(end_) << "the end came twice";
    end_ = status;
  }

  // The messages so far, once there are `count`.
  std::vector<std::string> Messages(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto there = [&] { return messages_.size() >= count; };
    mutex_.Await(absl::Condition(&there));
    return messages_;
  }
  absl::Status End() {
    absl::MutexLock lock(&mutex_);
    const auto over = [&] { return end_.has_value(); };
    mutex_.Await(absl::Condition(&over));
    return *end_;
  }
  bool ended() {
    absl::MutexLock lock(&mutex_);
    return end_.has_value();
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::string> messages_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
};

class DirectSubscriptionTest : public ::testing::Test {
 protected:
  DirectSubscriptionTest() {
    probe_.handlers.watch = [this](const Call&, std::shared_ptr<StreamWriter<v1::Chunk>> writer) {
      writer->OnDone([this] { done_.Notify(); });
      writer_ = std::move(writer);
      subscribed_.Notify();
      return absl::OkStatus();
    };
  }

  std::shared_ptr<RunningStream> Watch(DirectService::Options options = {}) {
    return probe_.dispatcher().Subscribe(absl::StrCat(kProbe, "Watch"), std::move(options),
                                         Request(), receiver_);
  }
  static std::string Request() {
    v1::WatchRequest request;
    request.set_topic("all");
    return request.SerializeAsString();
  }
  bool Write(std::string bytes) {
    v1::Chunk chunk;
    chunk.set_bytes(std::move(bytes));
    return writer_->Write(chunk);
  }

  absl::Notification subscribed_;
  absl::Notification done_;
  std::shared_ptr<StreamWriter<v1::Chunk>> writer_;
  std::shared_ptr<Receiver> receiver_ = std::make_shared<Receiver>();
  Probe probe_;
};

TEST_F(DirectSubscriptionTest, HandsAMessageOverWhenItIsAskedFor) {
  auto stream = Watch();
  subscribed_.WaitForNotification();
  EXPECT_TRUE(Write("1"));
  EXPECT_TRUE(Write("2"));
  EXPECT_THAT(receiver_->Messages(0), IsEmpty()) << "nobody has read";
  stream->Read();
  EXPECT_THAT(receiver_->Messages(1), ElementsAre("1"));
  stream->Read();
  EXPECT_THAT(receiver_->Messages(2), ElementsAre("1", "2"));
  stream->Read();
  EXPECT_TRUE(Write("3"));
  EXPECT_THAT(receiver_->Messages(3), ElementsAre("1", "2", "3"));
  EXPECT_TRUE(Write("4"));
  writer_->Finish(absl::OkStatus());
  EXPECT_FALSE(receiver_->ended()) << "a message is left";
  stream->Read();
  EXPECT_OK(receiver_->End());
  EXPECT_THAT(receiver_->Messages(4), SizeIs(4));
  done_.WaitForNotification();
  stream->Read();  // has no effect after the end
  stream->Cancel();
}

TEST_F(DirectSubscriptionTest, AReceiverThatDoesNotReadIsCutOffAndKeepsWhatWasQueued) {
  auto stream = Watch();
  subscribed_.WaitForNotification();
  size_t taken = 0;
  while (Write("x")) ASSERT_LT(++taken, 1000u);
  for (size_t i = 0; i < taken; ++i) stream->Read();
  EXPECT_THAT(receiver_->End(), HasReason("CLIENT_TOO_SLOW"));
  EXPECT_THAT(receiver_->Messages(taken), SizeIs(taken));
  done_.WaitForNotification();
}

TEST_F(DirectSubscriptionTest, CancellationEndsItWhateverWaits) {
  auto stream = Watch();
  subscribed_.WaitForNotification();
  EXPECT_TRUE(Write("unread"));
  stream->Cancel();
  EXPECT_THAT(receiver_->End(), StatusIs(absl::StatusCode::kCancelled));
  done_.WaitForNotification();
  EXPECT_FALSE(Write("late"));
  EXPECT_THAT(receiver_->Messages(0), IsEmpty());
}

TEST_F(DirectSubscriptionTest, ChecksWhatACallThroughGrpcIsCheckedFor) {
  Watch({{{"authorization", "Bearer nonsense"}}});
  EXPECT_THAT(receiver_->End(), HasReason("TOKEN_INVALID"));
}

TEST_F(DirectSubscriptionTest, EndsWithTheTokenThatOpenedIt) {
  auth::Principal resident = Resident("a");
  // Whole seconds, and late enough that the stream opens before.
  resident.expires = absl::Ceil(absl::Now() - absl::UnixEpoch(), absl::Seconds(1)) +
                     absl::UnixEpoch() + absl::Seconds(1);
  Watch(TestServer::DirectOptionsFor(resident));
  subscribed_.WaitForNotification();
  EXPECT_THAT(receiver_->End(), HasReason("TOKEN_EXPIRED"));
  EXPECT_GE(absl::Now(), resident.expires);
  done_.WaitForNotification();
}

TEST_F(DirectSubscriptionTest, EndsWithTheSession) {
  auth::Principal resident = Resident("a");
  resident.session = "direct-session";
  Watch(TestServer::DirectOptionsFor(resident));
  subscribed_.WaitForNotification();
  TestServer::verifier().ended_sessions().Add("direct-session", absl::Now() + absl::Hours(1));
  EXPECT_THAT(receiver_->End(), HasReason("TOKEN_EXPIRED"));
  done_.WaitForNotification();
}

TEST_F(DirectSubscriptionTest, EndsWithTheService) {
  auto stream = Watch();
  subscribed_.WaitForNotification();
  stream->Read();
  probe_.dispatcher().Shutdown();
  EXPECT_THAT(receiver_->End(), StatusIs(absl::StatusCode::kUnavailable));
  done_.WaitForNotification();
  auto refused = std::make_shared<Receiver>();
  probe_.dispatcher().Subscribe(absl::StrCat(kProbe, "Watch"), {}, Request(), refused);
  EXPECT_THAT(refused->End(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(DirectSubscriptionTest, ManyWritersAndACancellationRace) {
  constexpr int kWriters = 4;
  auto stream = Watch();
  subscribed_.WaitForNotification();
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([this] {
      while (Write("x")) {
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 1000 && !receiver_->ended(); ++i) stream->Read();
    stream->Cancel();
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(receiver_->End().ok());
  done_.WaitForNotification();
}

TEST(DirectTest, EndsACallThatThePoolRefuses) {
  Probe probe;
  probe.dispatcher().Shutdown();
  EXPECT_THAT(Ask(probe, "Echo", v1::EchoRequest()).status(),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace veche::rpc::testing
