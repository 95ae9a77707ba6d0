#include "services/identity/delivery/smtp_sender.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/read_file.h"
#include "common/base/status_macros.h"

namespace veche::identity {
namespace {

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct MimeDeleter {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;
using Mime = std::unique_ptr<curl_mime, MimeDeleter>;

constexpr absl::Duration kConnectTimeout = absl::Seconds(10);

void Append(const std::string& line, List& list) {
  list.reset(curl_slist_append(list.release(), line.c_str()));
}

void AddPart(curl_mime* mime, const std::string& text, const char* type) {
  curl_mimepart* part = curl_mime_addpart(mime);
  curl_mime_data(part, text.data(), text.size());
  curl_mime_type(part, type);
  curl_mime_encoder(part, "base64");  // lines of any length, and any characters
}

// An answer of 5xx to the recipient or to the text is about this message. Earlier answers are about
// the relay or its configuration, and an operator may mend them.
bool IsRefusal(CURLcode code, long reply) {
  const bool about_message =
      code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_RECV_ERROR;
  return about_message && reply >= 500 && reply < 600;
}

// The relay's own words may contain the recipient's address, so only its code is told.
absl::Status ToStatus(CURLcode code, long reply) {
  if (code == CURLE_OK) return absl::OkStatus();
  if (IsRefusal(code, reply)) return absl::InvalidArgumentError(absl::StrCat("SMTP ", reply));
  if (reply >= 400) return absl::UnavailableError(absl::StrCat("SMTP ", reply));
  return absl::UnavailableError(absl::StrCat("SMTP: ", curl_easy_strerror(code)));
}

}  // namespace

// One connection to the relay, and what is set for every message.
class SmtpSender::Session {
 public:
  Session(const Options& options, const std::atomic<bool>& cancelled)
      : cancelled_(cancelled), curl_(curl_easy_init()) {
    if (curl_ == nullptr) return;
    // The name in EHLO is the domain of the sender, not that of this machine.
    const bool named = absl::StrContains(options.url.substr(options.url.find("://") + 3), "/");
    const std::string url =
        named ? options.url : absl::StrCat(options.url, "/", options.from.domain());
    Set(CURLOPT_URL, url.c_str());
    Set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_PROXY, "");
    Set(CURLOPT_USE_SSL, static_cast<long>(options.insecure ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (!options.ca_file.empty()) Set(CURLOPT_CAINFO, options.ca_file.c_str());
    if (!options.user.empty()) {
      Set(CURLOPT_USERNAME, options.user.c_str());
      Set(CURLOPT_PASSWORD, options.password.c_str());
    }
    Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(absl::ToInt64Milliseconds(kConnectTimeout)));
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(absl::ToInt64Milliseconds(options.timeout)));
    Set(CURLOPT_TCP_KEEPALIVE, 1L);
    Set(CURLOPT_MAIL_FROM, absl::StrCat("<", options.from.address, ">").c_str());
    Set(CURLOPT_NOPROGRESS, 0L);
    Set(CURLOPT_XFERINFOFUNCTION, &OnProgress);
    Set(CURLOPT_XFERINFODATA, this);
  }
  ~Session() {
    if (curl_ != nullptr) ShutDown();
  }

  absl::Status Send(const Mailbox& from, const OutgoingMessage& message) {
    if (curl_ == nullptr) return absl::UnavailableError("SMTP: libcurl cannot be used");
    List headers;
    for (const std::string& header : MailHeaders(from, message)) Append(header, headers);
    Append("Content-Type: multipart/alternative", headers);
    List recipients;
    Append(absl::StrCat("<", message.to.value, ">"), recipients);
    const Mime mime(curl_mime_init(curl_.get()));
    AddPart(mime.get(), message.body, "text/plain; charset=utf-8");
    if (!message.html.empty()) AddPart(mime.get(), message.html, "text/html; charset=utf-8");

    Set(CURLOPT_HTTPHEADER, headers.get());
    Set(CURLOPT_MAIL_RCPT, recipients.get());
    Set(CURLOPT_MIMEPOST, mime.get());
    const CURLcode code = curl_easy_perform(curl_.get());
    long reply = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &reply);
    if (code != CURLE_OK && reply < 400) ShutDown();  // the relay hangs
    Set(CURLOPT_MIMEPOST, static_cast<curl_mime*>(nullptr));
    Set(CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
    Set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    return ToStatus(code, reply);
  }

 private:
  static int OnProgress(void* session, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& self = *static_cast<Session*>(session);
    if (!self.cancelled_) return 0;
    self.ShutDown();
    return 1;
  }
  // Before it closes a connection, libcurl says QUIT and waits up to two minutes for the answer;
  // over a connection that is shut down it does not.
  void ShutDown() {
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(curl_.get(), CURLINFO_ACTIVESOCKET, &socket);
    if (socket != CURL_SOCKET_BAD) ::shutdown(socket, SHUT_RDWR);
  }
  template <typename Value>
  void Set(CURLoption option, Value value) {
    curl_easy_setopt(curl_.get(), option, value);
  }

  const std::atomic<bool>& cancelled_;
  const std::unique_ptr<CURL, EasyDeleter> curl_;
};

absl::StatusOr<SmtpSender::Options> SmtpSender::Read(const config::v1::Smtp& smtp,
                                                     absl::string_view ca_file) {
  Options options{.url = smtp.url(),
                  .user = smtp.user(),
                  .insecure = smtp.insecure(),
                  .ca_file = std::string(ca_file)};
  const std::optional<Mailbox> from = Mailbox::Parse(smtp.from());
  if (!from) {
    return absl::FailedPreconditionError(
        "delivery.smtp.from must be like City <noreply@example.org>.");
  }
  options.from = *from;
  if (!smtp.password_file().empty()) {
    absl::StatusOr<std::string> password = ReadFile(smtp.password_file());
    if (!password.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat("delivery.smtp.passwordFile: ", password.status().message(), "."));
    }
    options.password = std::string(absl::StripTrailingAsciiWhitespace(*password));
  }
  if (!ca_file.empty() && !std::filesystem::exists(options.ca_file)) {
    return absl::FailedPreconditionError("delivery.caFile: there is no such file.");
  }
  return options;
}

SmtpSender::SmtpSender(Options options) : options_(std::move(options)) {}
SmtpSender::~SmtpSender() = default;

absl::Status SmtpSender::Send(const OutgoingMessage& message) {
  std::unique_ptr<Session> session = Take();
  absl::Status status = session->Send(options_.from, message);
  PutBack(std::move(session));
  return status;
}

std::string SmtpSender::key_suffix() const { return absl::StrCat("@", options_.from.domain()); }

std::unique_ptr<SmtpSender::Session> SmtpSender::Take() {
  absl::MutexLock lock(&mutex_);
  if (idle_.empty()) return std::make_unique<Session>(options_, cancelled_);
  std::unique_ptr<Session> session = std::move(idle_.back());
  idle_.pop_back();
  return session;
}

void SmtpSender::PutBack(std::unique_ptr<Session> session) {
  absl::MutexLock lock(&mutex_);
  idle_.push_back(std::move(session));
}

}  // namespace veche::identity
