#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/http/text.h"
#include "services/gateway/calls/problem.h"
#include "services/gateway/calls/streams.h"

namespace veche::gateway {
namespace {

// How long a client waits before it reconnects, in milliseconds.
constexpr int kRetryMillis = 2000;

class EventStream final : public StreamEvents, public std::enable_shared_from_this<EventStream> {
 public:
  EventStream(ScopePtr scope, StreamTimes times, ServerMetrics& metrics)
      : scope_(std::move(scope)), times_(times), metrics_(metrics) {
    metrics_.streams.Increment();
  }
  ~EventStream() override { metrics_.streams.Decrement(); }

  void Open(std::string request) {
    const auto self = shared_from_this();
    stream_ = scope_->endpoint.upstream->OpenServerStream(scope_->CallOptions(absl::ZeroDuration()),
                                                          std::move(request), self);
    const std::weak_ptr<rpc::RunningStream> stream = stream_;
    const auto cancel = [stream] {
      if (const auto open = stream.lock()) open->Cancel();
    };
    scope_->exchange->OnClose(cancel);
    const std::weak_ptr<EventStream> weak = self;
    scope_->exchange->OnDrain([weak, cancel] {
      if (const auto events = weak.lock()) events->draining_ = true;
      cancel();
    });
    scope_->exchange->OnTick([weak](absl::Duration since_write) {
      if (const auto events = weak.lock()) events->OnTick(since_write);
    });
    stream_->Read();
  }

  void OnMessage(absl::string_view wire) override {
    const Endpoint& endpoint = scope_->endpoint;
    std::string event;
    if (endpoint.response_event_id != 0) {
      const absl::string_view id = json::FindString(wire, {endpoint.response_event_id});
      if (!id.empty() && http::IsPrintable(id)) absl::StrAppend(&event, "id: ", id, "\n");
    }
    event += "data: ";  // our JSON has no line breaks
    const absl::Status written =
        endpoint.response_field == 0
            ? json::WriteJson(*endpoint.response, wire, &event)
            : json::WriteFieldJson(*endpoint.response, endpoint.response_field, wire, &event);
    if (!written.ok()) return stream_->Read();  // a message without a JSON form is skipped
    event += "\n\n";
    EnsureStarted();
    scope_->exchange->Write(std::move(event), [stream = stream_] { stream->Read(); });
  }

  void OnDone(const absl::Status& status) override {
    const bool ended_well = status.ok() || draining_;
    if (!ended_well && !started_.load()) {
      // The head may be sent at this moment; the scope then sends only the first of the two.
      scope_->Fail(status);
    } else if (!ended_well) {
      scope_->exchange->Write(absl::StrCat("event: error\ndata: ", scope_->Problem(status), "\n\n"),
                              nullptr);
    } else {
      EnsureStarted();
    }
    scope_->exchange->Finish();
  }

 private:
  void OnTick(absl::Duration since_write) {
    if (!started_.load()) {
      if (absl::Now() - begin_ >= times_.open) EnsureStarted();
    } else if (since_write >= times_.heartbeat) {
      scope_->exchange->Write(":\n\n", nullptr);
    }
  }

  void EnsureStarted() {
    if (started_.exchange(true)) return;
    http::Response head;
    head.content_type = "text/event-stream";
    head.Add("Cache-Control", "no-store");
    head.Add("X-Accel-Buffering", "no");  // makes nginx forward each event at once
    scope_->Start(std::move(head));
    scope_->exchange->Write(absl::StrCat("retry: ", kRetryMillis, "\n\n"), nullptr);
  }

  const ScopePtr scope_;
  const StreamTimes times_;
  ServerMetrics& metrics_;
  const absl::Time begin_ = absl::Now();
  std::shared_ptr<rpc::RunningStream> stream_;
  std::atomic<bool> started_{false};
  std::atomic<bool> draining_{false};
};

}  // namespace

void StreamEventsOut(const ScopePtr& scope, std::string request, StreamTimes times,
                     ServerMetrics& metrics) {
  std::make_shared<EventStream>(scope, times, metrics)->Open(std::move(request));
}

}  // namespace veche::gateway
