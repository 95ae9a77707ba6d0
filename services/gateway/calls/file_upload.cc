#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/http/text.h"
#include "services/gateway/calls/answer.h"
#include "services/gateway/calls/problem.h"
#include "services/gateway/calls/streams.h"

namespace veche::gateway {
namespace {

void AppendField(uint32_t number, absl::string_view value, std::string& wire) {
  wire += static_cast<char>(number << 3 | 2);
  size_t size = value.size();
  for (; size >= 0x80; size >>= 7) wire += static_cast<char>(size | 0x80);
  wire += static_cast<char>(size);
  wire.append(value.data(), value.size());
}

// Receives the body on the used by the I/O thread and the service's answer on gRPC's.
class Upload final : public http::BodySink,
                     public StreamEvents,
                     public std::enable_shared_from_this<Upload> {
 public:
  explicit Upload(ScopePtr scope) : scope_(std::move(scope)) {}

  void Open(int64_t limit, absl::Duration timeout) {
    const auto self = shared_from_this();
    stream_ = scope_->endpoint.upstream->OpenClientStream(scope_->CallOptions(timeout), self);
    const std::weak_ptr<UpstreamStream> stream = stream_;
    scope_->exchange->OnClose([stream] {
      if (const auto open = stream.lock()) open->Cancel();
    });
    stream_->Read();
    limit_ = limit;
    scope_->exchange->StreamBody(limit, self);
  }

  void OnBody(absl::string_view piece) override {
    {
      absl::MutexLock lock(&mutex_);
      writing_ = true;
    }
    stream_->Write(Message(piece));
  }

  void OnBodyEnd() override {
    if (!begun_) return OnEmptyBody();
    {
      absl::MutexLock lock(&mutex_);
      ended_ = true;
      if (writing_) return;
    }
    stream_->EndWrites();
  }

  void OnBodyRefused(const http::Refusal& refusal) override {
    const bool too_large = refusal.status == 413;
    scope_->Fail(too_large ? GatewayError(absl::StatusCode::kInvalidArgument, "FILE_TOO_LARGE",
                                          {{"limitBytes", absl::StrCat(limit_)}})
                           : GatewayError(absl::StatusCode::kInvalidArgument, refusal.reason, {},
                                          refusal.text),
                 refusal.status);
    stream_->Cancel();
  }

  void OnWritten(bool ok) override {
    if (!ok) return;  // OnDone follows
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      if (!ended_) return scope_->exchange->ResumeBody();
    }
    stream_->EndWrites();
  }

  void OnMessage(absl::string_view wire) override {
    response_ = std::string(wire);
    stream_->Read();  // to be told of the end
  }

  void OnDone(const absl::Status& status) override {
    if (!status.ok()) return scope_->Fail(status);
    absl::StatusOr<http::Response> answer = MakeAnswer(*scope_, response_);
    answer.ok() ? scope_->Reply(*std::move(answer)) : scope_->Fail(answer.status());
  }

 private:
  // The first message has the content type.
  std::string Message(absl::string_view piece) {
    std::string wire;
    wire.reserve(piece.size() + 64);
    if (!std::exchange(begun_, true)) {
      absl::string_view type = scope_->request().Header("Content-Type");
      if (type.empty() || !http::IsPrintable(type)) type = "application/octet-stream";
      AppendField(1, type, wire);
    }
    if (!piece.empty()) AppendField(2, piece, wire);
    return wire;
  }

  void OnEmptyBody() {
    {
      absl::MutexLock lock(&mutex_);
      writing_ = ended_ = true;
    }
    stream_->Write(Message(""));
  }

  const ScopePtr scope_;
  std::shared_ptr<UpstreamStream> stream_;
  int64_t limit_ = 0;     // bytes
  bool begun_ = false;    // I/O thread
  std::string response_;  // used by gRPC's threads, one after the other
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

void StreamFileIn(const ScopePtr& scope, int64_t limit, absl::Duration timeout) {
  std::make_shared<Upload>(scope)->Open(limit, timeout);
}

}  // namespace veche::gateway
