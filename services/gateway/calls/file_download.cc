#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/http/text.h"
#include "services/gateway/calls/streams.h"

namespace veche::gateway {
namespace {

// Fields of google.api.HttpBody.
constexpr uint32_t kContentType = 1;
constexpr uint32_t kData = 2;

class Download final : public StreamEvents, public std::enable_shared_from_this<Download> {
 public:
  explicit Download(ScopePtr scope) : scope_(std::move(scope)) {}

  void Open(std::string request, absl::Duration timeout) {
    stream_ = scope_->endpoint.upstream->OpenServerStream(scope_->CallOptions(timeout),
                                                          std::move(request), shared_from_this());
    const std::weak_ptr<rpc::RunningStream> stream = stream_;
    scope_->exchange->OnClose([stream] {
      if (const auto open = stream.lock()) open->Cancel();
    });
    stream_->Read();
  }

  void OnMessage(absl::string_view wire) override {
    EnsureStarted(json::FindString(wire, {kContentType}));
    if (scope_->request().method == "HEAD") {
      finished_ = true;
      scope_->exchange->Finish();
      return stream_->Cancel();
    }
    const absl::string_view data = json::FindString(wire, {kData});
    if (data.empty()) return stream_->Read();
    scope_->exchange->Write(std::string(data), [stream = stream_] { stream->Read(); });
  }

  void OnDone(const absl::Status& status) override {
    if (finished_) return;
    if (!status.ok()) {
      // After the head is sent, only a broken connection can show that the rest is missing.
      return started_ ? scope_->exchange->Abort() : scope_->Fail(status);
    }
    EnsureStarted("");
    scope_->exchange->Finish();
  }

 private:
  void EnsureStarted(absl::string_view type) {
    if (std::exchange(started_, true)) return;
    if (type.empty() || !http::IsPrintable(type)) type = "application/octet-stream";
    http::Response head;
    head.Add("Content-Type", type);
    head.Add("Cache-Control", "private, no-cache");
    // A file is somebody's upload: a browser must not run it as a page of this site.
    head.Add("Content-Security-Policy", "default-src 'none'; sandbox");
    const bool shown = absl::StartsWith(type, "image/") && !absl::StartsWith(type, "image/svg");
    head.Add("Content-Disposition", shown ? "inline" : "attachment");
    scope_->Start(std::move(head));
  }

  const ScopePtr scope_;
  std::shared_ptr<rpc::RunningStream> stream_;
  bool started_ = false;  // events come one after the other, so no lock is needed
  bool finished_ = false;
};

}  // namespace

void StreamFileOut(const ScopePtr& scope, std::string request, absl::Duration timeout) {
  std::make_shared<Download>(scope)->Open(std::move(request), timeout);
}

}  // namespace veche::gateway
