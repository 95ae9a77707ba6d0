#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/blob/s3.h"
#include "common/http_client/client.h"
#include "common/observe/telemetry.h"

// Private to the S3 store.

namespace prometheus {
class Gauge;
}

namespace veche::blob {

struct S3Request {
  std::string method;
  std::string key;    // of a blob; empty: the bucket itself
  std::string query;  // in order and encoded
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::string sha256 = {};  // of the body, in hexadecimal; empty: computed
};

// The text of the first element `name` in an answer of S3; "" when there is none. Enough for what
// is read here: elements without attributes, whose texts have no entities.
absl::string_view XmlText(absl::string_view xml, absl::string_view name);
// For values in queries.
std::string PercentEncode(absl::string_view text);

// Signed requests to one bucket, repeated when they fail. Thread-safe.
class S3Client {
 public:
  static absl::StatusOr<std::unique_ptr<S3Client>> Create(S3Options options,
                                                          observe::Telemetry telemetry);

  // Waits for the answer, whose status is 2xx, 404 (there is no such object) or 416 (the range is
  // beyond the object's end). Unavailable (STORAGE_UNAVAILABLE) when the store does not answer,
  // refuses, was found away a moment ago, or has its `concurrency` of calls; ResourceExhausted
  // (DISK_FULL) when it is full.
  absl::StatusOr<http_client::Response> Call(const S3Request& request);
  // Logs an object whose content is not the one of its key; returns DataLoss (BLOB_DAMAGED).
  absl::Status ReportDamage(absl::string_view key);
  const S3Options& options() const { return options_; }

 private:
  S3Client(S3Options options, observe::Telemetry telemetry,
           std::unique_ptr<http_client::Client> http);
  http_client::Request Build(const S3Request& request) const;
  absl::StatusOr<http_client::Response> Try(const S3Request& request);
  bool Begin();
  void End();
  void Worked();
  absl::Status Failed(absl::string_view why, bool rest);

  const S3Options options_;
  const observe::Telemetry telemetry_;
  prometheus::Gauge& reachable_;
  const std::unique_ptr<http_client::Client> http_;
  absl::Mutex mutex_;
  bool away_ ABSL_GUARDED_BY(mutex_) = false;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  // Earlier calls fail. In the past while the store answers, in the future while one call finds out
  // whether it answers again.
  absl::Time next_try_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace veche::blob
