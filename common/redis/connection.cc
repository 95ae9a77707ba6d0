#include "common/redis/connection.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/read_file.h"

namespace veche::redis {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;

constexpr auto kOpenTimeout = std::chrono::seconds(1);
constexpr size_t kIncomingBytes = 64 << 10;
constexpr size_t kMostOutgoingBytes = 16 << 20;

absl::Status Lost(const Error& error) { return absl::UnavailableError(error.message()); }

}  // namespace

Connection::Connection(asio::io_context& io, const Options& options, OnChange on_change)
    : io_(io),
      options_(options),
      on_change_(std::move(on_change)),
      resolver_(io),
      timer_(io),
      incoming_(kIncomingBytes) {}

void Connection::Open() {
  const absl::StatusOr<Address> address = Address::Parse(options_.address);
  if (!address.ok()) return Close(address.status());
  if (options_.tls_ca_file.empty()) {
    stream_ = Stream::MakePlain(io_);
  } else {
    auto stream = Stream::MakeTls(io_, address->host, options_.tls_ca_file);
    if (!stream.ok()) return Close(stream.status());
    stream_ = *std::move(stream);
  }
  Watch(std::chrono::steady_clock::now() + kOpenTimeout);
  resolver_.Resolve(*address, [self = shared_from_this()](auto endpoints) {
    if (!endpoints.ok()) return self->Close(endpoints.status());
    self->Connect(*std::move(endpoints), 0);
  });
}

void Connection::Connect(std::vector<Stream::Endpoint> endpoints, size_t next) {
  if (state_ == State::kClosed) return;
  if (next == endpoints.size()) return Close(absl::UnavailableError("no address"));
  const Stream::Endpoint endpoint = endpoints[next];
  stream_->Connect(endpoint, [self = shared_from_this(), endpoints = std::move(endpoints), next](
                                 const Error& error, size_t) mutable {
    if (!error) return self->OnConnected();
    if (next + 1 == endpoints.size()) return self->Close(Lost(error));
    self->Connect(std::move(endpoints), next + 1);
  });
}

void Connection::OnConnected() {
  if (state_ == State::kClosed) return;
  Read();
  if (options_.password_file.empty()) return Ping();
  SignIn();
}

void Connection::SignIn() {
  const absl::StatusOr<std::string> password = ReadFile(options_.password_file);
  if (!password.ok()) return Close(password.status());
  std::vector<std::string> command = {"AUTH"};
  if (!options_.user.empty()) command.push_back(options_.user);
  command.emplace_back(absl::StripAsciiWhitespace(*password));
  Send(command, std::chrono::steady_clock::now() + kOpenTimeout,
       [self = shared_from_this()](const absl::StatusOr<Reply>& reply) {
         if (reply.ok()) return self->Ping();
         self->Close(absl::UnavailableError(
             absl::StrCat("the server refuses the password: ", reply.status().message())));
       });
  Flush();
}

// A server that loads its data, or that wants a password, answers with an error. One that is too
// slow for commands is too slow for this.
void Connection::Ping() {
  Send({"PING"}, std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(options_.timeout),
       [self = shared_from_this()](const absl::StatusOr<Reply>& reply) {
         if (self->state_ != State::kOpening) return;
         if (!reply.ok()) return self->Close(absl::UnavailableError(reply.status().message()));
         if (reply->text != "PONG") {
           return self->Close(absl::UnavailableError("the server does not answer as Redis does"));
         }
         self->state_ = State::kReady;
         self->on_change_(absl::OkStatus());
       });
  Flush();
}

void Connection::Send(const std::vector<std::string>& arguments, SteadyTime deadline,
                      Client::Callback done) {
  if (state_ == State::kClosed) return done(absl::UnavailableError("the connection has ended"));
  if (outgoing_.size() > kMostOutgoingBytes) {
    return done(absl::UnavailableError("too much waits to be sent"));
  }
  AppendCommand(arguments, outgoing_);
  waiting_.push_back({deadline, std::move(done)});
  if (waiting_.size() == 1) Watch(deadline);
}

void Connection::Flush() {
  if (state_ == State::kClosed || outgoing_.empty() || !sending_.empty()) return;
  sending_.swap(outgoing_);
  stream_->Write(asio::buffer(sending_), [self = shared_from_this()](const Error& error, size_t) {
    self->sending_.clear();
    if (error) return self->Close(Lost(error));
    self->Flush();
  });
}

void Connection::Read() {
  stream_->Read(asio::buffer(incoming_),
                [self = shared_from_this()](const Error& error, size_t bytes) {
                  if (error) return self->Close(Lost(error));
                  self->OnRead(bytes);
                });
}

void Connection::OnRead(size_t bytes) {
  // Only commands have deadlines: without one, an answer could grow for ever.
  if (waiting_.empty()) return Close(absl::UnavailableError("an answer that nobody asked for"));
  reader_.Feed({incoming_.data(), bytes});
  while (state_ != State::kClosed) {
    absl::StatusOr<std::optional<Reply>> reply = reader_.Next();
    if (!reply.ok()) return Close(absl::UnavailableError(reply.status().message()));
    if (!reply->has_value()) return Read();
    Answer(**std::move(reply));
  }
}

void Connection::Answer(Reply reply) {
  if (waiting_.empty()) return Close(absl::UnavailableError("an answer that nobody asked for"));
  const Client::Callback done = std::move(waiting_.front().done);
  waiting_.pop_front();
  if (reply.kind == Reply::Kind::kError) return done(absl::InternalError(reply.text));
  done(std::move(reply));
}

// One timer for all commands: it is set again only when it has run out.
void Connection::Watch(SteadyTime deadline) {
  if (timer_.expiry() <= deadline && timer_.expiry() > std::chrono::steady_clock::now()) return;
  timer_.expires_at(deadline);
  timer_.async_wait([weak = weak_from_this()](const Error& error) {
    const auto self = weak.lock();
    if (error || !self || self->state_ == State::kClosed) return;
    const SteadyTime now = std::chrono::steady_clock::now();
    const bool opening = self->state_ == State::kOpening && self->waiting_.empty();
    if (opening || (!self->waiting_.empty() && self->waiting_.front().deadline <= now)) {
      return self->Close(absl::DeadlineExceededError("no answer in time"));
    }
    if (!self->waiting_.empty()) self->Watch(self->waiting_.front().deadline);
  });
}

void Connection::Close(const absl::Status& why) {
  if (std::exchange(state_, State::kClosed) == State::kClosed) return;
  resolver_.Cancel();
  timer_.cancel();
  if (stream_) stream_->Close();
  const std::deque<Waiting> waiting = std::move(waiting_);
  waiting_.clear();
  on_change_(why);
  for (const Waiting& command : waiting) command.done(why);
}

}  // namespace veche::redis
