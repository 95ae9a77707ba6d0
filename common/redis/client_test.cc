#include "common/redis/client.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/base/durable_file.h"
#include "common/redis/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::redis {
namespace {

using ::testing::HasSubstr;

class ClientTest : public ::testing::Test {
 protected:
  void Start(const std::string& address) {
    options_.address = address;
    auto client = Client::Start(options_, telemetry_);
    ASSERT_OK(client);
    client_ = *std::move(client);
  }
  absl::StatusOr<Reply> Run(const std::vector<std::string>& command) {
    absl::Notification answered;
    absl::StatusOr<Reply> answer;
    client_->Command(command, [&](const absl::StatusOr<Reply>& reply) {
      answer = reply;
      answered.Notify();
    });
    answered.WaitForNotification();
    return answer;
  }
  // Asks until the answer is as wanted; the test's own limit of time ends a wait in vain.
  template <typename Wanted>
  absl::StatusOr<Reply> RunUntil(Wanted wanted) {
    while (true) {
      absl::StatusOr<Reply> reply = Run({"PING"});
      if (wanted(reply.status())) return reply;
      absl::Notification later;
      client_->After(absl::Milliseconds(5), [&] { later.Notify(); });
      later.WaitForNotification();
    }
  }
  void AwaitReady() {
    RunUntil([](const absl::Status& status) { return status.ok(); }).IgnoreError();
  }

  observe::Telemetry telemetry_ = observe::NullTelemetry();
  Options options_{.timeout = absl::Seconds(20)};
  std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, AnswersCommandsOfManyThreadsEachWithItsOwn) {
  testing::Server server;
  Start(server.address());
  AwaitReady();
  constexpr int kThreads = 8;
  constexpr int kCommands = 200;
  std::atomic<int> right = 0;
  absl::BlockingCounter answered(kThreads * kCommands);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kCommands; ++i) {
        const std::string mine = absl::StrCat(t, ".", i);
        client_->Command({"ECHO", mine}, [&, mine](const absl::StatusOr<Reply>& reply) {
          right += reply.ok() && reply->text == mine;
          answered.DecrementCount();
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  answered.Wait();
  EXPECT_EQ(right, kThreads * kCommands);
}

TEST_F(ClientTest, RunsScriptsThatTheServerDoesNotKnow) {
  testing::Server server;
  const Script script("return {KEYS[1], ARGV[1], 7}");
  Start(server.address());
  AwaitReady();
  for (int i = 0; i < 3; ++i) {
    if (i == 2) {
      EXPECT_OK(Run({"SCRIPT", "FLUSH"}));
    }
    absl::Notification answered;
    client_->Eval(script, {"k"}, {"a"}, [&](const absl::StatusOr<Reply>& reply) {
      EXPECT_TRUE(reply.ok() && reply->list.size() == 3 && reply->list[2].integer == 7);
      answered.Notify();
    });
    answered.WaitForNotification();
  }
  EXPECT_EQ(Run({"EXISTS", "never"})->integer, 0);
  EXPECT_THAT(std::string(Run({"NONSENSE"}).status().message()), HasSubstr("unknown command"));
}

TEST_F(ClientTest, ComesBackAfterTheServerWasAway) {
  testing::Server server;
  Start(server.address());
  AwaitReady();
  server.Kill();
  EXPECT_TRUE(absl::IsUnavailable(
      RunUntil([](const absl::Status& status) { return !status.ok(); }).status()));
  server.Start();
  AwaitReady();
}

TEST_F(ClientTest, DoesNotWaitForAFrozenServer) {
  testing::Server server;
  options_.timeout = absl::Milliseconds(200);
  Start(server.address());
  AwaitReady();
  server.Freeze();
  EXPECT_FALSE(Run({"PING"}).ok());
  RunUntil(absl::IsUnavailable).IgnoreError();  // not asked any more
  server.Continue();
  AwaitReady();
}

TEST_F(ClientTest, IsUnavailableWithoutAServer) {
  Start("unix:/nowhere/redis.sock");
  EXPECT_TRUE(absl::IsUnavailable(Run({"PING"}).status()));
  Start("127.0.0.1:1");
  EXPECT_TRUE(absl::IsUnavailable(Run({"PING"}).status()));
  options_.address = "redis";
  EXPECT_TRUE(absl::IsInvalidArgument(Client::Start(options_, telemetry_).status()));
}

TEST_F(ClientTest, EndsConnectionsOfServersThatTalkNonsense) {
  for (const char* answer : {"HTTP/1.1 400 Bad Request\r\n\r\n", "$-5\r\n", "+PONG\r\n+PONG\r\n",
                             ":1\r\n", "+\r\n", ""}) {
    std::atomic<int> asked = 0;
    absl::Notification again;
    testing::FakeServer server([&](absl::string_view) -> std::optional<std::string> {
      if (++asked == 3) again.Notify();  // of two connections, one has come again
      if (*answer == '\0') return std::nullopt;
      return answer;
    });
    Start(server.address());
    again.WaitForNotification();
    client_.reset();
  }
}

TEST_F(ClientTest, PassesErrorsOfTheServerOn) {
  testing::FakeServer server([](absl::string_view bytes) {
    return std::string(bytes.find("PING") != bytes.npos ? "+PONG\r\n" : "-OOM out of memory\r\n");
  });
  options_.connections = 1;
  Start(server.address());
  AwaitReady();
  const absl::Status status = Run({"SET", "a", "b"}).status();
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_OK(Run({"PING"})) << "the connection goes on";
}

TEST_F(ClientTest, SignsInWithThePasswordInTheFile) {
  testing::Server server({"--requirepass", "secret"});
  options_.password_file = server.folder() + "/password";
  ASSERT_OK(WriteDurably(options_.password_file, "wrong\n"));
  Start(server.address());
  EXPECT_TRUE(absl::IsUnavailable(RunUntil([](const absl::Status& status) {
                                    return status.message().find("password") !=
                                           absl::string_view::npos;
                                  }).status()));
  ASSERT_OK(WriteDurably(options_.password_file, "secret\n"));
  AwaitReady();
}

TEST_F(ClientTest, SpeaksTlsWithTheServerOfTheRightName) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/redis-", getpid());
  const std::string key = path + ".key";
  const std::string certificate = path + ".pem";
  ASSERT_EQ(std::system(absl::StrCat("openssl req -x509 -nodes -days 2 -newkey ec "
                                     "-pkeyopt ec_paramgen_curve:P-256 -subj /CN=redis "
                                     "-addext subjectAltName=DNS:localhost -keyout ",
                                     key, " -out ", certificate, " 2>/dev/null")
                            .c_str()),
            0);
  const int port = testing::FreePort();
  testing::Server server({"--tls-port", absl::StrCat(port), "--tls-cert-file", certificate,
                          "--tls-key-file", key, "--tls-auth-clients", "no"});
  options_.tls_ca_file = certificate;
  Start(absl::StrCat("localhost:", port));
  AwaitReady();
  EXPECT_EQ(Run({"ECHO", "a"})->text, "a");
  Start(absl::StrCat("127.0.0.1:", port));
  const absl::Status status =
      RunUntil([](const absl::Status& status) {
        return status.message().find("Redis is away") != absl::string_view::npos;
      }).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("certificate")) << "for another name";
}

TEST_F(ClientTest, AnswersAllThatWaitWhenItEnds) {
  testing::FakeServer server([](absl::string_view bytes) {
    return std::string(bytes.find("PING") != bytes.npos ? "+PONG\r\n" : "");
  });
  options_.timeout = absl::Minutes(1);
  Start(server.address());
  AwaitReady();
  std::atomic<int> answered = 0;
  for (int i = 0; i < 100; ++i) {
    client_->Command({"GET", "a"}, [&](const absl::StatusOr<Reply>& reply) {
      answered += absl::IsUnavailable(reply.status());
    });
  }
  client_->After(absl::Hours(1), [&] { ++answered; });
  client_.reset();
  EXPECT_EQ(answered, 101);
}

TEST_F(ClientTest, RefusesBeyondItsQueue) {
  testing::FakeServer server([](absl::string_view bytes) {
    return std::string(bytes.find("PING") != bytes.npos ? "+PONG\r\n" : "");
  });
  options_.timeout = absl::Minutes(1);
  Start(server.address());
  AwaitReady();
  constexpr int kFlood = 20000;
  absl::Notification refused;
  std::atomic<int> answered = 0;
  for (int i = 0; i < kFlood; ++i) {
    client_->Command({"GET", "a"}, [&](const absl::StatusOr<Reply>& reply) {
      EXPECT_TRUE(absl::IsUnavailable(reply.status()));
      if (++answered == 1) refused.Notify();
    });
  }
  refused.WaitForNotification();  // while nothing was answered by the server
  client_.reset();
  EXPECT_EQ(answered, kFlood);
}

}  // namespace
}  // namespace veche::redis
