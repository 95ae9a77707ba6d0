#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/http/connection.h"
#include "common/http/text.h"

// The part of Connection that writes answers.

namespace veche::http {

namespace asio = boost::asio;

std::string Connection::Head(const Response& response, bool streaming) {
  std::string head;
  head.reserve(512 + response.headers.size());
  absl::StrAppend(&head, "HTTP/1.1 ", response.status, " ", StatusText(response.status), "\r\n",
                  worker_.date_line);
  if (!response.content_type.empty()) {
    absl::StrAppend(&head, "Content-Type: ", response.content_type, "\r\n");
  }
  if (streaming) {
    if (chunked_) head += "Transfer-Encoding: chunked\r\n";
  } else if (response.status != 304 && response.status != 204) {
    absl::StrAppend(&head, "Content-Length: ", response.content().size(), "\r\n");
  }
  if (!keep_alive_) {
    head += "Connection: close\r\n";
  } else if (!chunked_) {
    head += "Connection: keep-alive\r\n";  // HTTP/1.0
  }
  head += response.headers;
  absl::StrAppend(&head, kSecurityHeaders);
  if (worker_.server.tls) head += "Strict-Transport-Security: max-age=31536000\r\n";
  head += "\r\n";
  return head;
}

void Connection::Respond(Response response, bool streaming) {
  if (response_begun_) return;
  response_begun_ = true;
  // A body that was not read comes before the next request, so the connection cannot be reused.
  const bool last = worker_.leaving || worker_.draining;
  if (!parser_->is_done() || last || (streaming && !chunked_)) keep_alive_ = false;
  if (phase_ == Phase::kBody) phase_ = Phase::kHandling;
  deadline_ = SteadyTime::max();
  Output output;
  output.head = Head(response, streaming);
  if (exchange_->request().method != "HEAD" && response.status != 304) {
    output.body = std::move(response.body);
    output.owner = std::move(response.owner);
    output.shared = response.shared_body;
  }
  output_.push_back(std::move(output));
  response_ended_ = !streaming;
  last_write_ = worker_.now;
  Flush();
}

void Connection::WritePiece(std::string piece, std::function<void()> written) {
  if (!response_begun_ || response_ended_) return;
  last_write_ = worker_.now;
  Output output;
  if (exchange_->request().method != "HEAD" && !piece.empty()) {
    if (chunked_) {
      output.head = absl::StrCat(absl::Hex(piece.size()), "\r\n");
      piece += "\r\n";
    }
    output.body = std::move(piece);
  }
  output.written = std::move(written);
  output_.push_back(std::move(output));
  Flush();
}

void Connection::FinishStream() {
  if (!response_begun_ || response_ended_) return;
  if (chunked_ && exchange_->request().method != "HEAD") {
    output_.push_back({.head = "0\r\n\r\n"});
  }
  response_ended_ = true;
  Flush();
}

void Connection::Flush() {
  if (flushing_ || writing_ || phase_ == Phase::kClosed) return;
  const auto keep = shared_from_this();
  flushing_ = true;
  while (!output_.empty() && phase_ != Phase::kClosed) {
    Output& front = output_.front();
    const absl::string_view content = front.content();
    const size_t head_done = std::min(output_done_, front.head.size());
    const size_t content_done = output_done_ - head_done;
    const Transport::Buffers buffers = {
        asio::buffer(front.head.data() + head_done, front.head.size() - head_done),
        asio::buffer(content.data() + content_done, content.size() - content_done)};
    if (asio::buffer_size(buffers) == 0) {
      Advance(0);
      continue;
    }
    Transport::Error error;
    const size_t written = transport_->TryWrite(buffers, error);
    if (error == asio::error::would_block || error == asio::error::try_again) {
      writing_ = true;
      write_deadline_ =
          worker_.now + absl::ToChronoNanoseconds(worker_.server.options.write_timeout);
      transport_->Write(*this, buffers);
      break;
    }
    if (error) {
      flushing_ = false;
      return Close();
    }
    Advance(written);
  }
  flushing_ = false;
  if (output_.empty() && response_ended_ && phase_ != Phase::kClosed) EndResponse();
}

void Connection::Advance(size_t bytes) {
  output_done_ += bytes;
  Output& front = output_.front();
  if (output_done_ < front.head.size() + front.content().size()) return;
  const std::function<void()> written = std::move(front.written);
  output_.pop_front();
  output_done_ = 0;
  if (written) written();
}

void Connection::OnWritten(Transport::Error error, size_t bytes) {
  writing_ = false;
  write_deadline_ = SteadyTime::max();
  if (phase_ == Phase::kClosed) return;
  if (error) return Close();
  flushing_ = true;
  Advance(bytes);
  flushing_ = false;
  Flush();
}

void Connection::EndResponse() {
  response_ended_ = false;
  const auto exchange = std::exchange(exchange_, nullptr);
  exchange->End(/*client_left=*/false);
  parser_.reset();
  if (!keep_alive_ || worker_.draining) return BeginLinger();
  phase_ = Phase::kHead;
  SetDeadline(worker_.server.options.idle_timeout);
  Pump();
}

}  // namespace veche::http
