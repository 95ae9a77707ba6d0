#pragma once

#include <curl/curl.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/http_client/client.h"

namespace veche::http_client {

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using EasyHandle = std::unique_ptr<CURL, EasyDeleter>;

struct HeaderListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// InvalidArgument unless the request can be sent under `options`.
absl::Status CheckRequest(const Request& request, const Options& options);

// A request from Send to its answer. Not thread-safe; must not move while libcurl uses it.
class Transfer {
 public:
  Transfer(Request request, Client::Done done, absl::Time deadline)
      : request_(std::move(request)), done_(std::move(done)), deadline_(deadline) {}

  absl::Time deadline() const { return deadline_; }
  // Prepares `handle` to run this transfer, which must end within `left`. `options` must outlive
  // the transfer.
  void Prepare(EasyHandle handle, const Options& options, absl::Duration left);
  CURL* handle() const { return handle_.get(); }
  EasyHandle TakeHandle() { return std::move(handle_); }

  // Calls `done` with the answer, or with the error that `code` means.
  void Finish(CURLcode code);
  void Fail(absl::Status status) { done_(std::move(status)); }

 private:
  static size_t OnBody(char* bytes, size_t, size_t count, void* transfer);
  static size_t OnHeader(char* bytes, size_t, size_t count, void* transfer);
  static curl_socket_t OnSocket(void* transfer, curlsocktype purpose, curl_sockaddr* address);
  void Sign(const AwsSignature& signature);
  bool Count(size_t bytes);
  absl::Status ToStatus(CURLcode code) const;

  Request request_;
  const Client::Done done_;
  const absl::Time deadline_;
  const Options* options_ = nullptr;
  EasyHandle handle_;
  std::unique_ptr<curl_slist, HeaderListDeleter> headers_;
  Response response_;
  size_t received_ = 0;
  bool too_large_ = false;
  bool address_refused_ = false;
};

}  // namespace veche::http_client
