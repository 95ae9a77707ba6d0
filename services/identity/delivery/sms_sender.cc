#include "services/identity/delivery/sms_sender.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/read_file.h"
#include "common/base/status_macros.h"
#include "services/identity/delivery/sms_template.h"

namespace veche::identity {
namespace {

constexpr char kJson[] = "application/json";
constexpr absl::Duration kTimeout = absl::Seconds(30);

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ReadHeaders(
    const std::string& file) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (file.empty()) return headers;
  const absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("delivery.sms.headersFile: ", text.status().message(), "."));
  }
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    if (parts.first.empty() || parts.second.empty()) {
      return absl::FailedPreconditionError(
          "delivery.sms.headersFile: each line must be like Authorization: Bearer key.");
    }
    headers.emplace_back(parts.first, absl::StripAsciiWhitespace(parts.second));
  }
  return headers;
}

}  // namespace

absl::StatusOr<SmsSender::Options> SmsSender::Read(const config::v1::Sms& sms) {
  Options options{.url = sms.url(),
                  .body = sms.body(),
                  .content_type = sms.content_type().empty() ? kJson : sms.content_type()};
  ASSIGN_OR_RETURN(options.headers, ReadHeaders(sms.headers_file()));
  return options;
}

absl::Status SmsSender::Send(const OutgoingMessage& message) {
  http_client::Request request{
      .method = "POST",
      .url = options_.url,
      .headers = options_.headers,
      .body = FillSmsTemplate(options_.body, options_.content_type == kJson, message),
      .timeout = kTimeout};
  request.headers.emplace_back("Content-Type", options_.content_type);
  const absl::StatusOr<http_client::Response> response = client_.Fetch(std::move(request));
  // What the client could not send, such as a URL that is refused, is for an operator to mend.
  if (!response.ok()) {
    return absl::UnavailableError(absl::StrCat("SMS: ", response.status().message()));
  }
  const int status = response->status;
  if (status >= 200 && status < 300) return absl::OkStatus();
  const std::string text = absl::StrCat("SMS ", status);
  // Other answers are about the provider, the key of access or the address, not about the message.
  constexpr int kNotOfTheMessage[] = {401, 403, 404, 408, 429};
  const bool refused =
      status >= 400 && status < 500 && !absl::c_linear_search(kNotOfTheMessage, status);
  return refused ? absl::InvalidArgumentError(text) : absl::UnavailableError(text);
}

}  // namespace veche::identity
