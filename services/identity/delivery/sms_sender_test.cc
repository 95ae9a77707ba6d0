#include "services/identity/delivery/sms_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "services/identity/delivery/sms_template.h"
#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// Answers every request with one status, and keeps the last request.
class FakeClient final : public http_client::Client {
 public:
  void Send(http_client::Request request, Done done) override {
    last = std::move(request);
    if (!failure.ok()) return done(failure);
    done(http_client::Response{.status = status});
  }

  http_client::Request last;
  int status = 200;
  absl::Status failure;
};

OutgoingMessage Message() {
  return {.id = "01m",
          .key = "01m",
          .to = {api::Contact::Kind::kPhone, "+79991234567"},
          .body = "Код \"12\"\nи {phone} & \\ ещё"};
}

TEST(SmsTemplateTest, EscapesForJson) {
  EXPECT_EQ(FillSmsTemplate(R"({"to":"{phone}","text":"{text}","ref":"{id}"})", true, Message()),
            R"({"to":"+79991234567","text":"Код \"12\"\nи {phone} & \\ ещё","ref":"01m"})");
}

TEST(SmsTemplateTest, EscapesForForms) {
  EXPECT_EQ(FillSmsTemplate("to={phone}&text={text}", false, Message()),
            "to=%2B79991234567&text=%D0%9A%D0%BE%D0%B4%20%2212%22%0A%D0%B8%20%7Bphone%7D%20%26%20"
            "%5C%20%D0%B5%D1%89%D1%91");
}

TEST(SmsSenderTest, PostsWithHeadersFromAFile) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "headers") << "Authorization: Bearer key:1\n\nX-Project: city\n";
  config::v1::Sms sms;
  sms.set_url("https://sms.example/send");
  sms.set_body("{phone} {text}");
  sms.set_headers_file(folder.path() / "headers");
  const auto options = SmsSender::Read(sms);
  ASSERT_OK(options);
  FakeClient client;
  ASSERT_OK(SmsSender(*options, client).Send(Message()));
  EXPECT_EQ(client.last.method, "POST");
  EXPECT_EQ(client.last.url, "https://sms.example/send");
  EXPECT_THAT(client.last.headers,
              ElementsAre(Pair("Authorization", "Bearer key:1"), Pair("X-Project", "city"),
                          Pair("Content-Type", "application/json")));

  std::ofstream(folder.path() / "headers") << "nonsense\n";
  EXPECT_THAT(SmsSender::Read(sms).status().message(), HasSubstr("delivery.sms.headersFile"));
  sms.set_headers_file("/nonexistent");
  EXPECT_THAT(SmsSender::Read(sms).status().message(), HasSubstr("delivery.sms.headersFile"));
}

TEST(SmsSenderTest, TellsWhatIsForLaterFromWhatIsRefused) {
  FakeClient client;
  SmsSender sender({.url = "https://sms.example", .content_type = "application/json"}, client);
  for (const int status : {302, 401, 403, 404, 408, 429, 500, 503}) {
    client.status = status;
    EXPECT_EQ(sender.Send(Message()), absl::UnavailableError(absl::StrCat("SMS ", status)));
  }
  for (const int status : {400, 413, 422}) {
    client.status = status;
    EXPECT_EQ(sender.Send(Message()), absl::InvalidArgumentError(absl::StrCat("SMS ", status)));
  }
  client.failure = absl::DeadlineExceededError("no answer");
  EXPECT_EQ(sender.Send(Message()), absl::UnavailableError("SMS: no answer"));
}

}  // namespace
}  // namespace veche::identity
