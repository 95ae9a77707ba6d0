#include "common/http_client/client.h"

#include <curl/curl.h>

#include <deque>
#include <fstream>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/worker.h"
#include "common/http_client/transfer.h"

namespace veche::http_client {
namespace {

constexpr int kPollMillis = 100;
constexpr absl::Duration kExpireEvery = absl::Milliseconds(100);

struct MultiDeleter {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

// Requests wait in `waiting_`; the thread moves them to `active_`, where libcurl runs them.
class CurlClient final : public Client {
 public:
  CurlClient(Options options, CURLM* multi)
      : options_(std::move(options)),
        multi_(multi),
        worker_({.name = "http-client"}, [this] { return Step(); }) {
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options_.per_host));
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.kept_connections));
    worker_.Start(absl::InfiniteDuration());
  }
  ~CurlClient() override;

  void Send(Request request, Done done) override;

 private:
  using TransferPtr = std::unique_ptr<Transfer>;

  absl::Duration Step();
  void Begin();
  void EndFinished();
  void ExpireWaiting();
  EasyHandle TakeHandle();

  const Options options_;
  const std::unique_ptr<CURLM, MultiDeleter> multi_;  // before the handles that it uses
  absl::Mutex mutex_;
  std::deque<TransferPtr> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the thread alone, and of the destructor after it.
  absl::flat_hash_map<CURL*, TransferPtr> active_;
  std::vector<EasyHandle> idle_;
  absl::Time expired_ = absl::InfinitePast();  // when ExpireWaiting last looked
  Worker worker_;
};

CurlClient::~CurlClient() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  worker_.RequestStop();
  curl_multi_wakeup(multi_.get());
  worker_.Stop();
  const absl::Status cancelled = absl::CancelledError("The client stops.");
  for (auto& [handle, transfer] : active_) {
    curl_multi_remove_handle(multi_.get(), handle);
    transfer->Fail(cancelled);
  }
  std::deque<TransferPtr> waiting;
  {
    absl::MutexLock lock(&mutex_);
    waiting.swap(waiting_);
  }
  for (const TransferPtr& transfer : waiting) transfer->Fail(cancelled);
}

void CurlClient::Send(Request request, Done done) {
  absl::Status status = CheckRequest(request, options_);
  if (status.ok()) {
    absl::MutexLock lock(&mutex_);
    if (stopping_) {
      status = absl::CancelledError("The client stops.");
    } else if (waiting_.size() >= options_.waiting) {
      status = absl::ResourceExhaustedError("Too many requests wait.");
    } else {
      const absl::Time deadline = absl::Now() + request.timeout;
      waiting_.push_back(std::make_unique<Transfer>(std::move(request), std::move(done), deadline));
    }
  }
  if (!status.ok()) return done(std::move(status));
  worker_.Wake();
  curl_multi_wakeup(multi_.get());
}

absl::Duration CurlClient::Step() {
  ExpireWaiting();
  Begin();
  int running = 0;
  curl_multi_perform(multi_.get(), &running);
  EndFinished();
  if (!active_.empty()) {
    curl_multi_poll(multi_.get(), nullptr, 0, kPollMillis, nullptr);
    return absl::ZeroDuration();
  }
  absl::MutexLock lock(&mutex_);
  return waiting_.empty() ? absl::InfiniteDuration() : absl::ZeroDuration();
}

void CurlClient::Begin() {
  while (active_.size() < static_cast<size_t>(options_.concurrency)) {
    TransferPtr transfer;
    {
      absl::MutexLock lock(&mutex_);
      if (waiting_.empty()) return;
      transfer = std::move(waiting_.front());
      waiting_.pop_front();
    }
    const absl::Duration left = transfer->deadline() - absl::Now();
    EasyHandle handle = TakeHandle();
    if (left < absl::Milliseconds(1)) {
      transfer->Fail(absl::DeadlineExceededError("The request waited too long."));
      continue;
    }
    if (handle == nullptr) {
      transfer->Fail(absl::UnavailableError("libcurl has no memory."));
      continue;
    }
    transfer->Prepare(std::move(handle), options_, left);
    CURL* key = transfer->handle();
    active_.emplace(key, std::move(transfer));
    curl_multi_add_handle(multi_.get(), key);
  }
}

void CurlClient::EndFinished() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* handle = message->easy_handle;
    const CURLcode code = message->data.result;  // `message` is gone with the handle
    curl_multi_remove_handle(multi_.get(), handle);
    const auto found = active_.find(handle);
    const TransferPtr transfer = std::move(found->second);
    active_.erase(found);
    transfer->Finish(code);
    idle_.push_back(transfer->TakeHandle());
  }
}

// Waiting requests end in time also while others keep all places.
void CurlClient::ExpireWaiting() {
  const absl::Time now = absl::Now();
  if (now < expired_ + kExpireEvery) return;
  expired_ = now;
  std::vector<TransferPtr> expired;
  {
    absl::MutexLock lock(&mutex_);
    for (auto next = waiting_.begin(); next != waiting_.end();) {
      if ((*next)->deadline() > now) {
        ++next;
      } else {
        expired.push_back(std::move(*next));
        next = waiting_.erase(next);
      }
    }
  }
  for (const TransferPtr& transfer : expired) {
    transfer->Fail(absl::DeadlineExceededError("The request waited too long."));
  }
}

EasyHandle CurlClient::TakeHandle() {
  if (idle_.empty()) return EasyHandle(curl_easy_init());
  EasyHandle handle = std::move(idle_.back());
  idle_.pop_back();
  return handle;
}

}  // namespace

absl::string_view Response::Header(absl::string_view name) const {
  for (const auto& [header, value] : headers) {
    if (header == name) return value;
  }
  return "";
}

absl::StatusOr<std::unique_ptr<Client>> Client::Create(Options options) {
  if (!options.ca_file.empty() && !std::ifstream(options.ca_file).good()) {
    return absl::FailedPreconditionError(absl::StrCat("cannot read ", options.ca_file, "."));
  }
  CURLM* multi = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : nullptr;
  if (multi == nullptr) return absl::FailedPreconditionError("libcurl cannot be used.");
  return std::make_unique<CurlClient>(std::move(options), multi);
}

absl::StatusOr<Response> Client::Fetch(Request request) {
  absl::StatusOr<Response> answer;
  absl::Notification finished;
  Send(std::move(request), [&](absl::StatusOr<Response> result) {
    answer = std::move(result);
    finished.Notify();
  });
  finished.WaitForNotification();
  return answer;
}

}  // namespace veche::http_client
