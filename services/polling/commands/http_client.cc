#include "services/polling/commands/http_client.h"

#include <curl/curl.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace veche::polling {
namespace {

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

size_t Receive(char* bytes, size_t, size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + count > kMaxAnswerBytes) return 0;  // curl ends the transfer
  text.append(bytes, count);
  return count;
}

}  // namespace

struct HttpClient::Handle {
  std::unique_ptr<CURL, EasyDeleter> curl{curl_easy_init()};
};

HttpClient::HttpClient(std::string base)
    : base_(std::move(base)), handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;

absl::StatusOr<HttpAnswer> HttpClient::Get(absl::string_view path, absl::Duration patience) {
  return Send(path, nullptr, "", patience);
}

absl::StatusOr<HttpAnswer> HttpClient::Post(absl::string_view path, const std::string& json,
                                            absl::string_view token) {
  return Send(path, &json, token, absl::Seconds(30));
}

absl::StatusOr<HttpAnswer> HttpClient::Send(absl::string_view path, const std::string* json,
                                            absl::string_view token, absl::Duration patience) {
  CURL* curl = handle_->curl.get();
  if (curl == nullptr) return absl::UnavailableError("libcurl cannot be used.");
  const std::string url = absl::StrCat(base_, path);
  HttpAnswer answer;
  curl_easy_reset(curl);  // keeps the connection
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(patience / absl::Milliseconds(1)));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  std::unique_ptr<curl_slist, ListDeleter> headers;
  const auto add = [&headers](const std::string& line) {
    if (curl_slist* list = curl_slist_append(headers.get(), line.c_str())) {
      (void)headers.release();
      headers.reset(list);
    }
  };
  if (json != nullptr) {
    add("Content-Type: application/json");
    add("Expect:");  // otherwise curl waits for "100 Continue" before it sends the body
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json->data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json->size()));
  }
  if (!token.empty()) add(absl::StrCat("Authorization: Bearer ", token));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  const CURLcode code = curl_easy_perform(curl);
  // A stream that the client left, or that the server ended early, still has what it sent.
  if (code != CURLE_OK && (code != CURLE_OPERATION_TIMEDOUT || answer.body.empty())) {
    return absl::UnavailableError(absl::StrCat(url, ": ", curl_easy_strerror(code), "."));
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace veche::polling
