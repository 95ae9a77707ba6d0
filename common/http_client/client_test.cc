#include "common/http_client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/http/server.h"
#include "common/testing/status_matchers.h"

namespace veche::http_client {
namespace {

using ::testing::IsEmpty;
using ::veche::testing::StatusIs;

// Echoes; "/status/404" answers with that status, "/redirect" with another place, "/large" with
// many bytes, "/headers" with many headers, and "/never" not at all.
class Handler final : public http::Handler {
 public:
  void Handle(http::ExchangePtr exchange) override {
    if (exchange->request().target == "/never") {
      absl::MutexLock lock(&mutex_);
      kept_.push_back(exchange);
      return;
    }
    if (!exchange->request().has_body()) return Answer(exchange);
    exchange->ReadBody(1'000'000, [exchange] { Answer(exchange); });
  }
  http::Response Refuse(const http::Refusal& refusal) override {
    http::Response response;
    response.status = refusal.status;
    return response;
  }
  void OnConnections(int change) override {
    if (change > 0) ++opened;
  }

  // Waits until `count` requests to "/never" are there.
  void WaitForKept(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto there = [&] { return kept_.size() >= count; };
    mutex_.Await(absl::Condition(&there));
  }

  std::atomic<int> opened = 0;

 private:
  static void Answer(const http::ExchangePtr& exchange) {
    const http::Request& request = exchange->request();
    http::Response response;
    response.content_type = "text/plain";
    absl::string_view target = request.target;
    if (absl::ConsumePrefix(&target, "/status/")) {
      EXPECT_TRUE(absl::SimpleAtoi(target, &response.status));
      response.Add("Retry-After", "7");
    } else if (target == "/redirect") {
      response.status = 307;
      response.Add("Location", "/elsewhere");
    } else if (target == "/large") {
      response.body = std::string(10'000, 'x');
    } else if (target == "/headers") {
      for (int i = 0; i < 100; ++i) response.Add("X-Filler", std::string(100, 'x'));
    } else {
      response.body = absl::StrCat(request.method, " ", target, " ", request.Header("x-own"), " ",
                                   request.Header("content-type"), " ", request.body);
    }
    exchange->Send(std::move(response));
  }

  absl::Mutex mutex_;
  std::vector<http::ExchangePtr> kept_ ABSL_GUARDED_BY(mutex_);
};

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() {
    server_options_.address = "127.0.0.1:0";
    server_options_.tick = absl::Milliseconds(5);
  }
  void Start() {
    auto server = http::Server::Start(server_options_, handler_);
    ASSERT_OK(server);
    server_ = *std::move(server);
    auto client = Client::Create(options_);
    ASSERT_OK(client);
    client_ = *std::move(client);
  }
  std::string Url(absl::string_view path) const {
    return absl::StrCat(scheme_, "://127.0.0.1:", server_->port(), path);
  }
  absl::StatusOr<Response> Get(absl::string_view path) {
    return client_->Fetch({.url = Url(path)});
  }

  std::string scheme_ = "http";
  Options options_{.private_addresses = true, .plain_http = true};
  http::ServerOptions server_options_;
  Handler handler_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, SendsRequestsOverOneConnection) {
  Start();
  const auto got = Get("/a");
  ASSERT_OK(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "GET /a   ");
  EXPECT_EQ(got->Header("content-type"), "text/plain");
  EXPECT_THAT(got->Header("x-missing"), IsEmpty());
  const auto posted = client_->Fetch({.method = "POST",
                                      .url = Url("/b"),
                                      .headers = {{"X-Own", "1"}, {"Content-Type", "text/x"}},
                                      .body = std::string(3000, 'b')});
  ASSERT_OK(posted);
  EXPECT_EQ(posted->body, absl::StrCat("POST /b 1 text/x ", std::string(3000, 'b')));
  const auto empty = client_->Fetch({.method = "POST", .url = Url("/c")});
  ASSERT_OK(empty);
  EXPECT_EQ(empty->body, "POST /c   ");
  const auto put = client_->Fetch({.method = "PUT", .url = Url("/d"), .body = "b"});
  ASSERT_OK(put);
  EXPECT_EQ(put->body, "PUT /d   b");
  const auto deleted = client_->Fetch({.method = "DELETE", .url = Url("/e")});
  ASSERT_OK(deleted);
  EXPECT_EQ(deleted->body, "DELETE /e   ");
  const auto head = client_->Fetch({.method = "HEAD", .url = Url("/f")});
  ASSERT_OK(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_THAT(head->body, IsEmpty());
  EXPECT_EQ(handler_.opened, 1);
}

TEST_F(ClientTest, ReturnsEveryStatusAndFollowsNoRedirect) {
  Start();
  for (const int status : {201, 404, 410, 413, 429, 500, 503}) {
    const auto answer = Get(absl::StrCat("/status/", status));
    ASSERT_OK(answer);
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->Header("retry-after"), "7");
  }
  const auto redirect = Get("/redirect");
  ASSERT_OK(redirect);
  EXPECT_EQ(redirect->status, 307);
}

TEST_F(ClientTest, RefusesAddressesThatAreNotPublic) {
  options_.private_addresses = false;
  Start();
  EXPECT_THAT(Get("/"), StatusIs(absl::StatusCode::kPermissionDenied));
  const int port = server_->port();
  for (const char* host : {"localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1"}) {
    EXPECT_THAT(client_->Fetch({.url = absl::StrCat("http://", host, ":", port, "/")}),
                StatusIs(absl::StatusCode::kPermissionDenied))
        << host;
  }
  EXPECT_EQ(handler_.opened, 0);
}

TEST_F(ClientTest, IgnoresProxiesOfTheEnvironment) {
  options_.private_addresses = false;
  ::setenv("http_proxy", "http://8.8.8.8:1", 1);
  Start();
  EXPECT_THAT(Get("/"), StatusIs(absl::StatusCode::kPermissionDenied));
  ::unsetenv("http_proxy");
}

TEST_F(ClientTest, EndsRequestsInTime) {
  Start();
  EXPECT_THAT(client_->Fetch({.url = Url("/never"), .timeout = absl::Milliseconds(50)}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_OK(Get("/"));
}

TEST_F(ClientTest, EndsWaitingRequestsInTime) {
  options_.concurrency = 1;
  Start();
  absl::Notification ended;
  client_->Send({.url = Url("/never"), .timeout = absl::Seconds(60)},
                [&](const auto&) { ended.Notify(); });
  handler_.WaitForKept(1);
  EXPECT_THAT(client_->Fetch({.url = Url("/"), .timeout = absl::Milliseconds(20)}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  client_.reset();
  EXPECT_TRUE(ended.HasBeenNotified());
}

TEST_F(ClientTest, BoundsAnswers) {
  options_.most_answer_bytes = 9000;
  Start();
  EXPECT_THAT(Get("/large"), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(Get("/headers"), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_OK(Get("/"));
}

TEST_F(ClientTest, BoundsRequestsAtOnceAndWaiting) {
  options_.concurrency = 2;
  options_.waiting = 3;
  Start();
  absl::BlockingCounter ended(5);
  std::atomic<int> cancelled = 0;
  const auto send = [&] {
    client_->Send({.url = Url("/never"), .timeout = absl::Seconds(60)}, [&](const auto& answer) {
      cancelled += absl::IsCancelled(answer.status());
      ended.DecrementCount();
    });
  };
  send();
  send();
  handler_.WaitForKept(2);
  for (int i = 0; i < 3; ++i) send();
  EXPECT_THAT(Get("/"), StatusIs(absl::StatusCode::kResourceExhausted));
  client_.reset();
  ended.Wait();
  EXPECT_EQ(cancelled, 5);
  EXPECT_EQ(handler_.opened, 2);
}

TEST_F(ClientTest, ServesManyThreads) {
  Start();
  constexpr int kRequests = 500;
  absl::BlockingCounter ended(kRequests);
  std::atomic<int> good = 0;
  for (int i = 0; i < kRequests; ++i) {
    const std::string path = absl::StrCat("/", i);
    client_->Send({.url = Url(path)}, [&, path](const absl::StatusOr<Response>& answer) {
      good += answer.ok() && absl::StrContains(answer->body, absl::StrCat(path, " "));
      ended.DecrementCount();
    });
  }
  ended.Wait();
  EXPECT_EQ(good, kRequests);
  EXPECT_LE(handler_.opened, options_.per_host);
}

TEST_F(ClientTest, RefusesRequestsThatCannotBeSent) {
  options_.plain_http = false;
  Start();
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Get("/"), refused);
  for (const char* url : {"", "ftp://a/", "file:///etc/passwd", "https://a b/", "https://a\r\nb/",
                          "//a/", "https://"}) {
    EXPECT_THAT(client_->Fetch({.url = url}), refused) << url;
  }
  const std::string url = "https://127.0.0.1:1/";
  EXPECT_THAT(client_->Fetch({.method = "PATCH", .url = url}), refused);
  EXPECT_THAT(client_->Fetch({.url = url, .headers = {{"A", "b\r\nC: d"}}}), refused);
  EXPECT_THAT(client_->Fetch({.url = url, .headers = {{"A b", "c"}}}), refused);
  EXPECT_THAT(client_->Fetch({.url = url}), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ClientTest, VerifiesCertificates) {
  const std::string folder = ::testing::TempDir() + "/veche_http_client_tls";
  ASSERT_EQ(std::system(absl::StrCat("mkdir -p ", folder, " && openssl req -x509 -newkey rsa:2048 ",
                                     "-nodes -subj /CN=localhost -addext ",
                                     "subjectAltName=IP:127.0.0.1 -keyout ", folder,
                                     "/key.pem -out ", folder, "/cert.pem -days 2 2>/dev/null")
                            .c_str()),
            0);
  server_options_.tls_certificate_file = folder + "/cert.pem";
  server_options_.tls_key_file = folder + "/key.pem";
  options_.ca_file = folder + "/cert.pem";
  scheme_ = "https";
  Start();
  const auto answer = Get("/tls");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->body, "GET /tls   ");
  // Another name than the certificate's.
  EXPECT_THAT(client_->Fetch({.url = absl::StrCat("https://localhost:", server_->port(), "/")}),
              StatusIs(absl::StatusCode::kUnavailable));
  // An authority that the client does not know.
  auto stranger = Client::Create({.private_addresses = true});
  ASSERT_OK(stranger);
  EXPECT_THAT((*stranger)->Fetch({.url = Url("/")}), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Client::Create({.ca_file = "/nonexistent.pem"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace veche::http_client
