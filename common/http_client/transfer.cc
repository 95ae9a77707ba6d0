#include "common/http_client/transfer.h"

#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/http_client/address.h"

namespace veche::http_client {
namespace {

// RFC 9110, 5.6.2.
bool IsToken(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("!#$%&'*+-.^_`|~", c);
  });
}

bool IsPrintable(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isprint(c); });
}

bool IsHttps(absl::string_view url) { return absl::StartsWithIgnoreCase(url, "https://"); }

}  // namespace

absl::Status CheckRequest(const Request& request, const Options& options) {
  const bool scheme = IsHttps(request.url) ||
                      (options.plain_http && absl::StartsWithIgnoreCase(request.url, "http://"));
  if (!scheme || !IsPrintable(request.url) || absl::StrContains(request.url, ' ')) {
    return absl::InvalidArgumentError("The URL cannot be used.");
  }
  static constexpr absl::string_view kMethods[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};
  if (!absl::c_linear_search(kMethods, request.method)) {
    return absl::InvalidArgumentError("The method must be GET, HEAD, POST, PUT or DELETE.");
  }
  for (const auto& [name, value] : request.headers) {
    if (!IsToken(name) || !IsPrintable(value)) {
      return absl::InvalidArgumentError("A header cannot be sent.");
    }
  }
  return absl::OkStatus();
}

void Transfer::Prepare(EasyHandle handle, const Options& options, absl::Duration left) {
  handle_ = std::move(handle);
  options_ = &options;
  CURL* curl = handle_.get();
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, options.plain_http ? "http,https" : "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // the address of a proxy would hide the server's
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // Share an HTTP/2 connection that is being opened. Without TLS the first answer alone would tell
  // that it is none.
  curl_easy_setopt(curl, CURLOPT_PIPEWAIT, IsHttps(request_.url) ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(left / absl::Milliseconds(1)));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options.connect_timeout / absl::Milliseconds(1)));
  if (!options.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &Transfer::OnSocket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(curl, CURLOPT_PRIVATE, this);
  const auto add = [this](const std::string& line) {
    if (curl_slist* list = curl_slist_append(headers_.get(), line.c_str())) {
      (void)headers_.release();
      headers_.reset(list);
    }
  };
  for (const auto& [name, value] : request_.headers) {
    // libcurl drops a header without a value unless it ends in a semicolon.
    add(value.empty() ? absl::StrCat(name, ";") : absl::StrCat(name, ": ", value));
  }
  if (request_.method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (request_.method == "DELETE") curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "DELETE");
  if (request_.method == "POST" || request_.method == "PUT") {
    if (request_.method == "PUT") curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT");
    // Otherwise curl waits for "100 Continue" before it sends a large body. curl 7.88 also signs
    // headers that are taken out, which no server accepts.
    if (options.signature) {
      curl_easy_setopt(curl, CURLOPT_EXPECT_100_TIMEOUT_MS, 1L);
    } else {
      add("Expect:");
    }
    const bool typed = std::any_of(
        request_.headers.begin(), request_.headers.end(),
        [](const auto& header) { return absl::EqualsIgnoreCase(header.first, "content-type"); });
    if (!typed) add(options.signature ? "Content-Type: application/octet-stream" : "Content-Type:");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request_.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  if (options.signature) Sign(*options.signature);
}

void Transfer::Sign(const AwsSignature& signature) {
  CURL* curl = handle_.get();
  const std::string scope = absl::StrCat("aws:amz:", signature.region, ":", signature.service);
  curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, scope.c_str());
  curl_easy_setopt(curl, CURLOPT_USERNAME, signature.key_id.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, signature.secret.c_str());
}

void Transfer::Finish(CURLcode code) {
  if (code != CURLE_OK) return done_(ToStatus(code));
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  done_(std::move(response_));
}

absl::Status Transfer::ToStatus(CURLcode code) const {
  if (too_large_) return absl::OutOfRangeError("The answer is too large.");
  if (address_refused_) {
    return absl::PermissionDeniedError("The host has an address that is not public.");
  }
  const std::string what = absl::StrCat(curl_easy_strerror(code), ".");
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return absl::DeadlineExceededError(what);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return absl::InvalidArgumentError(what);
    default:
      return absl::UnavailableError(what);
  }
}

bool Transfer::Count(size_t bytes) {
  received_ += bytes;
  too_large_ = received_ > options_->most_answer_bytes;
  return !too_large_;
}

// A result that differs from `count` ends the transfer.
size_t Transfer::OnBody(char* bytes, size_t, size_t count, void* transfer) {
  auto& self = *static_cast<Transfer*>(transfer);
  if (!self.Count(count)) return 0;
  self.response_.body.append(bytes, count);
  return count;
}

size_t Transfer::OnHeader(char* bytes, size_t, size_t count, void* transfer) {
  auto& self = *static_cast<Transfer*>(transfer);
  if (!self.Count(count)) return 0;
  const absl::string_view line(bytes, count);
  if (absl::StartsWith(line, "HTTP/")) {
    self.response_.headers.clear();  // those before were of an interim answer
    return count;
  }
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) return count;
  self.response_.headers.emplace_back(
      absl::AsciiStrToLower(line.substr(0, colon)),
      std::string(absl::StripAsciiWhitespace(line.substr(colon + 1))));
  return count;
}

curl_socket_t Transfer::OnSocket(void* transfer, curlsocktype, curl_sockaddr* address) {
  auto& self = *static_cast<Transfer*>(transfer);
  if (!self.options_->private_addresses && !IsPublic(address->addr)) {
    self.address_refused_ = true;
    return CURL_SOCKET_BAD;
  }
  self.address_refused_ = false;  // another address of the host
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace veche::http_client
