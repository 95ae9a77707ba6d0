#include "services/identity/delivery/smtp_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "absl/strings/escaping.h"
#include "common/rpc/test_certificates.h"
#include "services/identity/testing/fixture.h"
#include "services/identity/testing/smtp_server.h"

namespace veche::identity {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using testing::SmtpServer;
using veche::testing::StatusIs;

class SmtpSenderTest : public ::testing::Test {
 protected:
  SmtpSender::Options OptionsFor(const SmtpServer& server) {
    return {.url = server.url(),
            .from = *Mailbox::Parse("Город Казань <noreply@kazan.example>"),
            .insecure = true,
            .timeout = absl::Seconds(5)};
  }
  OutgoingMessage Message(const std::string& to) {
    return {.id = "01m",
            .key = "01m@kazan.example",
            .to = {api::Contact::Kind::kEmail, to},
            .subject = "Обращение решено",
            .body = "Яма заделана.\n.\nСпасибо.",
            .create_time = absl::FromUnixSeconds(1780000000)};
  }
  std::filesystem::path Write(const char* name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
    return folder_.path() / name;
  }

  const testing::TemporaryFolder folder_;
};

#define SKIP_WITHOUT(server) \
  if ((server).port() == 0) GTEST_SKIP() << "python3-aiosmtpd is not installed"

TEST_F(SmtpSenderTest, SendsTextAndHtmlAsAlternatives) {
  const SmtpServer server(folder_.path() / "mail");
  SKIP_WITHOUT(server);
  SmtpSender sender(OptionsFor(server));
  OutgoingMessage message = Message("a@b.example");
  message.html = "<p>Яма заделана.</p>";
  message.unsubscribe_url = "https://kazan.example/v1/unsubscribe?token=abc";
  ASSERT_OK(sender.Send(message));
  const auto messages = server.messages();
  ASSERT_THAT(messages, SizeIs(1));
  const std::string& mail = messages[0];
  EXPECT_THAT(mail, HasSubstr("X-From: noreply@kazan.example\r\n"));
  EXPECT_THAT(mail, HasSubstr("X-To: a@b.example\r\n"));
  EXPECT_THAT(mail, HasSubstr("X-Helo: kazan.example\r\n"));
  EXPECT_THAT(mail, HasSubstr("Content-Type: multipart/alternative; boundary="));
  EXPECT_THAT(mail, Not(HasSubstr("multipart/mixed")));
  EXPECT_THAT(mail, HasSubstr("Mime-Version: 1.0"));
  EXPECT_THAT(mail, HasSubstr("Message-ID: <01m@kazan.example>\r\n"));
  EXPECT_THAT(mail, HasSubstr("Date: Thu, 28 May 2026 20:26:40 +0000\r\n"));
  EXPECT_THAT(mail, HasSubstr("List-Unsubscribe:\r\n "
                              "<https://kazan.example/v1/unsubscribe?token=abc>\r\n"
                              "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
  EXPECT_THAT(mail, HasSubstr(absl::Base64Escape(message.body)));
  EXPECT_THAT(mail, HasSubstr(absl::Base64Escape(message.html)));
  EXPECT_LT(mail.find("text/plain"), mail.find("text/html"));  // the last alternative is the best
}

TEST_F(SmtpSenderTest, KeepsItsConnectionAndOpensAnotherOneWhenItIsLost) {
  SmtpServer server(folder_.path() / "mail");
  SKIP_WITHOUT(server);
  SmtpSender sender(OptionsFor(server));
  for (int i = 0; i < 3; ++i) ASSERT_OK(sender.Send(Message("a@b.example")));
  EXPECT_THAT(sender.Send(Message("flaky@b.example")), StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_OK(sender.Send(Message("flaky@b.example")));
  const auto messages = server.messages();
  ASSERT_THAT(messages, SizeIs(5));
  const auto connection = [&](int i) {
    const size_t begin = messages[i].find("X-Connection: ");
    return messages[i].substr(begin, messages[i].find("\r\n", begin) - begin);
  };
  EXPECT_EQ(connection(0), connection(2));
  EXPECT_NE(connection(0), connection(4));
}

TEST_F(SmtpSenderTest, TellsWhatIsForLaterFromWhatIsRefused) {
  const SmtpServer server(folder_.path() / "mail");
  SKIP_WITHOUT(server);
  SmtpSender sender(OptionsFor(server));
  const auto send = [&](const std::string& to) { return sender.Send(Message(to)); };
  EXPECT_EQ(send("later@b.example"), absl::UnavailableError("SMTP 451"));
  EXPECT_EQ(send("full@b.example"), absl::UnavailableError("SMTP 452"));
  EXPECT_EQ(send("never@b.example"), absl::InvalidArgumentError("SMTP 550"));
  EXPECT_EQ(send("spam@b.example"), absl::InvalidArgumentError("SMTP 554"));
  EXPECT_THAT(send("drop@b.example"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_OK(send("a@b.example"));
}

TEST_F(SmtpSenderTest, DoesNotWaitForARelayThatHangs) {
  const SmtpServer server(folder_.path() / "mail");
  SKIP_WITHOUT(server);
  SmtpSender::Options options = OptionsFor(server);
  options.timeout = absl::Milliseconds(300);
  SmtpSender sender(options);
  EXPECT_THAT(sender.Send(Message("hang@b.example")), StatusIs(absl::StatusCode::kUnavailable));
  options.timeout = absl::Hours(1);
  SmtpSender patient(options);
  std::thread stopper([&] { patient.Cancel(); });
  EXPECT_THAT(patient.Send(Message("hang@b.example")), StatusIs(absl::StatusCode::kUnavailable));
  stopper.join();
}

TEST_F(SmtpSenderTest, SendsNothingWithoutTls) {
  const SmtpServer server(folder_.path() / "mail");
  SKIP_WITHOUT(server);
  SmtpSender::Options options = OptionsFor(server);
  options.insecure = false;
  SmtpSender sender(options);
  EXPECT_THAT(sender.Send(Message("a@b.example")), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(server.messages(), SizeIs(0));
}

TEST_F(SmtpSenderTest, UsesStarttlsAndItsPassword) {
  const rpc::testing::TestCa ca, stranger;
  const auto [certificate, key] = ca.Issue("relay");
  const SmtpServer server(folder_.path() / "mail",
                          {"--certificate", Write("cert.pem", certificate), "--key",
                           Write("key.pem", key), "--user", "city:secret"});
  SKIP_WITHOUT(server);
  SmtpSender::Options options = OptionsFor(server);
  options.insecure = false;
  options.user = "city";
  options.password = "secret";
  options.ca_file = Write("ca.pem", ca.certificate());
  EXPECT_OK(SmtpSender(options).Send(Message("a@b.example")));
  ASSERT_THAT(server.messages(), SizeIs(1));
  EXPECT_THAT(server.messages()[0], HasSubstr("X-TLS: yes"));

  // A wrong password is for the operator to mend: the message is not dead.
  options.password = "wrong";
  EXPECT_THAT(SmtpSender(options).Send(Message("a@b.example")),
              StatusIs(absl::StatusCode::kUnavailable));
  options.password = "secret";
  options.ca_file = Write("stranger.pem", stranger.certificate());
  EXPECT_THAT(SmtpSender(options).Send(Message("a@b.example")),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(server.messages(), SizeIs(1));
}

TEST_F(SmtpSenderTest, NamesTheFieldThatIsWrong) {
  config::v1::Smtp smtp;
  smtp.set_url("smtp://relay.example:587");
  smtp.set_from("nonsense");
  EXPECT_THAT(SmtpSender::Read(smtp, "").status().message(), HasSubstr("delivery.smtp.from"));
  smtp.set_from("City <a@b.example>");
  smtp.set_user("city");
  smtp.set_password_file("/nonexistent");
  EXPECT_THAT(SmtpSender::Read(smtp, "").status().message(),
              HasSubstr("delivery.smtp.passwordFile"));
  smtp.set_password_file(Write("password", "secret\n"));
  EXPECT_EQ(SmtpSender::Read(smtp, "")->password, "secret");
  EXPECT_THAT(SmtpSender::Read(smtp, "/nonexistent").status().message(),
              HasSubstr("delivery.caFile"));
}

}  // namespace
}  // namespace veche::identity
