#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace veche::polling {

struct HttpAnswer {
  long status = 0;
  std::string body;
};

// Sends requests over one connection at a time, which is kept open in between: two clients never
// share a connection. Not thread-safe. Redirects are not followed; HTTPS certificates are verified.
class HttpClient {
 public:
  // `base`: "http://127.0.0.1:8080", without a slash at the end.
  explicit HttpClient(std::string base);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;

  // Any status of the server is an answer; Unavailable, with the reason, when there is none within
  // `patience`, or when the answer has more than kMaxAnswerBytes. `token`: a bearer token, "" for
  // none.
  absl::StatusOr<HttpAnswer> Get(absl::string_view path,
                                 absl::Duration patience = absl::Seconds(30));
  absl::StatusOr<HttpAnswer> Post(absl::string_view path, const std::string& json,
                                  absl::string_view token);

 private:
  struct Handle;
  absl::StatusOr<HttpAnswer> Send(absl::string_view path, const std::string* json,
                                  absl::string_view token, absl::Duration patience);

  std::string base_;
  std::unique_ptr<Handle> handle_;
};
inline constexpr size_t kMaxAnswerBytes = size_t{64} << 20;

}  // namespace veche::polling
