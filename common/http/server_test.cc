#include "common/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/http/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::http::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Echoes the request; answers "/large" with many bytes, and "/never" not at all.
class EchoHandler final : public Handler {
 public:
  void Handle(ExchangePtr exchange) override {
    if (exchange->request().target == "/never") {
      kept = exchange;
      return;
    }
    if (!exchange->request().has_body()) return Answer(exchange);
    exchange->ReadBody(100'000, [this, exchange] { Answer(exchange); });
  }
  Response Refuse(const Refusal& refusal) override {
    Response response;
    response.status = refusal.status;
    response.body = std::string(refusal.reason);
    return response;
  }
  void OnConnections(int change) override {
    absl::MutexLock lock(&mutex_);
    connections_ += change;
  }
  void WaitForConnections(int count) {
    const auto reached = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return connections_ == count; };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&reached));
  }

  ExchangePtr kept;

 private:
  void Answer(const ExchangePtr& exchange) {
    Response response;
    response.content_type = "text/plain";
    response.body = exchange->request().target == "/large"
                        ? std::string(30'000'000, 'x')
                        : absl::StrCat(exchange->request().target, ":", exchange->request().body);
    exchange->Send(std::move(response));
  }

  absl::Mutex mutex_;
  int connections_ ABSL_GUARDED_BY(mutex_) = 0;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    options_.address = "127.0.0.1:0";
    options_.tick = absl::Milliseconds(5);
  }
  void Start() {
    auto server = Server::Start(options_, handler_);
    ASSERT_OK(server);
    server_ = *std::move(server);
  }
  int port() const { return server_->port(); }

  ServerOptions options_;
  EchoHandler handler_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, KeepsConnectionsAlive) {
  Start();
  Client client(port());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.Get(absl::StrCat("/", i)).body, absl::StrCat("/", i, ":"));
  }
  EXPECT_EQ(client.Request("POST", "/p", "", "body").body, "/p:body");
  EXPECT_EQ(client.Get("/last", "Connection: close\r\n").Header("connection"), "close");
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(ServerTest, ServesHttp10) {
  Start();
  Client client(port());
  client.SendRaw("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.Read().body, "/old:");
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  Client client(port());
  std::string requests;
  for (int i = 0; i < 200; ++i) {
    absl::StrAppend(&requests, "POST /", i, " HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc");
  }
  client.SendRaw(requests);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(client.Read().body, absl::StrCat("/", i, ":abc"));
}

TEST_F(ServerTest, ReadsRequestsByteByByte) {
  Start();
  Client client(port());
  for (const char c :
       std::string("POST /x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")) {
    client.SendRaw(absl::string_view(&c, 1));
  }
  EXPECT_EQ(client.Read().body, "/x:abcde");
}

TEST_F(ServerTest, RefusesLargeHeaders) {
  Start();
  Client client(port());
  const auto response =
      client.Get("/", absl::StrCat("X-Large: ", std::string(20'000, 'x'), "\r\n"));
  EXPECT_EQ(response.status, 431);
  Client second(port());
  EXPECT_EQ(second.Get("/", absl::StrCat("X: ", std::string(15'000, 'x'), "\r\n")).status, 200);
}

TEST_F(ServerTest, RefusesBrokenRequests) {
  Start();
  const char* broken[] = {
      "hello\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",  // no Host
      "GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: t\r\nContent-Length: x\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "GET / HTTP/1.1\r\nHost: t\r\nBad Name: x\r\n\r\n",
  };
  for (const char* request : broken) {
    Client client(port());
    client.SendRaw(request);
    EXPECT_EQ(client.Read().status, 400) << request;
    EXPECT_TRUE(client.AtEnd()) << request;
  }
}

TEST_F(ServerTest, BreaksOffSlowSenders) {
  options_.request_timeout = absl::Milliseconds(50);
  Start();
  Client head(port());
  head.SendRaw("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(head.Read().status, 408);
  Client body(port());
  body.SendRaw("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nabc");
  EXPECT_EQ(body.Read().status, 408);
  Client silent(port());
  EXPECT_TRUE(silent.AtEnd());
}

TEST_F(ServerTest, ClosesIdleConnections) {
  options_.idle_timeout = absl::Milliseconds(50);
  Start();
  Client client(port());
  EXPECT_EQ(client.Get("/").status, 200);
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(ServerTest, ClosesReadersThatDoNotRead) {
  options_.write_timeout = absl::Milliseconds(50);
  Start();
  Client client(port());
  client.SendRequest("GET", "/large");
  handler_.WaitForConnections(1);
  handler_.WaitForConnections(0);
}

TEST_F(ServerTest, BoundsConnections) {
  options_.connections = 1;
  Start();
  Client first(port());
  EXPECT_EQ(first.Get("/").status, 200);
  Client second(port());
  EXPECT_EQ(second.Read().status, 503);
  EXPECT_EQ(first.Get("/").status, 200);
}

TEST_F(ServerTest, ServesOnWhileItLeavesButKeepsNoConnection) {
  Start();
  Client idle(port());
  EXPECT_EQ(idle.Get("/").status, 200);
  server_->Leave();
  const auto last = idle.Get("/");
  EXPECT_EQ(last.status, 200);
  EXPECT_TRUE(idle.AtEnd());
  Client another(port());
  EXPECT_EQ(another.Get("/").status, 200);
  EXPECT_TRUE(another.AtEnd());
}

TEST_F(ServerTest, StopsWithOpenConnections) {
  Start();
  Client idle(port());
  EXPECT_EQ(idle.Get("/").status, 200);
  Client busy(port());
  busy.SendRequest("GET", "/never");
  Client partial(port());
  partial.SendRaw("GET / HT");
  server_->Stop(absl::Milliseconds(20));
  EXPECT_TRUE(idle.AtEnd());
  EXPECT_TRUE(busy.AtEnd());
}

TEST_F(ServerTest, TellsWhatIsWrongWithItsAddressAndFiles) {
  options_.address = "nowhere";
  EXPECT_THAT(Server::Start(options_, handler_),
              veche::testing::StatusIs(absl::StatusCode::kInvalidArgument));
  options_.address = "127.0.0.1:0";
  options_.tls_certificate_file = "/nonexistent.pem";
  options_.tls_key_file = "/nonexistent.key";
  EXPECT_THAT(Server::Start(options_, handler_),
              veche::testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ServerTest, SpeaksTls) {
  const std::string folder = ::testing::TempDir() + "/veche_http_tls";
  ASSERT_EQ(std::system(absl::StrCat("mkdir -p ", folder, " && openssl req -x509 -newkey rsa:2048 ",
                                     "-nodes -subj /CN=localhost -keyout ", folder,
                                     "/key.pem -out ", folder, "/cert.pem -days 2 2>/dev/null")
                            .c_str()),
            0);
  options_.tls_certificate_file = folder + "/cert.pem";
  options_.tls_key_file = folder + "/key.pem";
  Start();
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  BIO* bio = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(bio, absl::StrCat("127.0.0.1:", port()).c_str());
  ASSERT_EQ(BIO_do_connect(bio), 1);
  const std::string request = "GET /tls HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
  BIO_write(bio, request.data(), static_cast<int>(request.size()));
  std::string answer;
  char bytes[4096];
  for (int got; (got = BIO_read(bio, bytes, sizeof(bytes))) > 0;) answer.append(bytes, got);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Strict-Transport-Security: "));
  EXPECT_THAT(answer, ::testing::EndsWith("/tls:"));
  BIO_free_all(bio);
  SSL_CTX_free(context);
}

}  // namespace
}  // namespace veche::http::testing
