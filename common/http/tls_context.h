#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace veche::http {

// The certificate and key of a server, read again when their files change. Thread-safe.
class TlsContext {
 public:
  // InvalidArgument names the file that is wrong.
  static absl::StatusOr<std::unique_ptr<TlsContext>> Load(std::string certificate_file,
                                                          std::string key_file);

  // The context for a connection that begins at `now`. The files are looked at once a second. While
  // they are wrong, for example because only one of them is new yet, the former ones stay in use.
  std::shared_ptr<boost::asio::ssl::context> Get(absl::Time now);

 private:
  TlsContext(std::string certificate_file, std::string key_file)
      : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)) {}

  absl::Status Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string certificate_file_;
  const std::string key_file_;
  absl::Mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> context_ ABSL_GUARDED_BY(mutex_);
  std::string version_ ABSL_GUARDED_BY(mutex_);  // of the files that are in use
  absl::Time next_look_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace veche::http
