#include "common/rpc/stream.h"

#include <thread>

#include "absl/synchronization/notification.h"
#include "common/rpc/probe.h"

namespace veche::rpc::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::veche::testing::HasReason;
using ::veche::testing::StatusIs;

using Writer = std::shared_ptr<StreamWriter<v1::Chunk>>;

v1::Chunk MakeChunk(absl::string_view bytes) {
  v1::Chunk chunk;
  chunk.set_bytes(std::string(bytes));
  return chunk;
}

v1::WatchRequest WatchAll() {
  v1::WatchRequest request;
  request.set_topic("all");
  return request;
}

// A probe whose Watch hands its writer to the test.
class WatchTest : public ::testing::Test {
 protected:
  WatchTest() {
    probe_.handlers.watch = [this](const Call&, Writer writer) {
      writer->OnDone([this] { done_.Notify(); });
      writer_ = std::move(writer);
      subscribed_.Notify();
      return absl::OkStatus();
    };
  }

  std::unique_ptr<grpc::ClientReader<v1::Chunk>> Watch() {
    auto reader = probe_.stub()->Watch(context_.get(), WatchAll());
    subscribed_.WaitForNotification();
    return reader;
  }

  absl::Notification subscribed_;
  absl::Notification done_;
  Writer writer_;
  Probe probe_;
  std::unique_ptr<grpc::ClientContext> context_ = probe_.ContextFor();
};

std::vector<std::string> ReadAll(grpc::ClientReader<v1::Chunk>& reader) {
  std::vector<std::string> all;
  v1::Chunk chunk;
  while (reader.Read(&chunk)) all.push_back(chunk.bytes());
  return all;
}

TEST_F(WatchTest, MessagesArriveInOrderAndThenTheEnd) {
  auto reader = Watch();
  for (const char* text : {"1", "2", "3"}) EXPECT_TRUE(writer_->Write(MakeChunk(text)));
  writer_->Finish(absl::OkStatus());
  writer_->Finish(absl::InternalError("repeats are ignored"));
  EXPECT_FALSE(writer_->Write(MakeChunk("late")));
  EXPECT_THAT(ReadAll(*reader), ElementsAre("1", "2", "3"));
  EXPECT_OK(FromGrpc(reader->Finish()));
  done_.WaitForNotification();
}

TEST_F(WatchTest, WhatTheHandlerWritesComesFirst) {
  probe_.handlers.watch = [](const Call&, Writer writer) {
    writer->Write(MakeChunk("old"));
    writer->Finish(absl::OkStatus());
    return absl::OkStatus();
  };
  auto reader = probe_.stub()->Watch(context_.get(), WatchAll());
  EXPECT_THAT(ReadAll(*reader), ElementsAre("old"));
  EXPECT_OK(FromGrpc(reader->Finish()));
}

TEST_F(WatchTest, TheClientHearsThatItIsSubscribedBeforeTheFirstMessage) {
  auto reader = Watch();
  reader->WaitForInitialMetadata();  // hangs if the metadata waited for a message
  writer_->Finish(absl::OkStatus());
  EXPECT_THAT(ReadAll(*reader), IsEmpty());
  EXPECT_OK(FromGrpc(reader->Finish()));
}

TEST_F(WatchTest, EndsWithTheTokenThatOpenedIt) {
  auth::Principal resident = Resident("a");
  // Whole seconds, and late enough that the stream opens before.
  resident.expires = absl::Ceil(absl::Now() - absl::UnixEpoch(), absl::Seconds(1)) +
                     absl::UnixEpoch() + absl::Seconds(1);
  context_ = probe_.ContextFor(resident);
  auto reader = Watch();
  EXPECT_TRUE(writer_->Write(MakeChunk("1")));
  EXPECT_THAT(ReadAll(*reader), ElementsAre("1"));
  EXPECT_GE(absl::Now(), resident.expires);
  EXPECT_THAT(FromGrpc(reader->Finish()), HasReason("TOKEN_EXPIRED"));
  done_.WaitForNotification();
  EXPECT_FALSE(writer_->Write(MakeChunk("late")));
}

TEST_F(WatchTest, EndsWithTheSessionThatOpenedIt) {
  auth::Principal resident = Resident("a");
  resident.session = "ends";
  context_ = probe_.ContextFor(resident);
  auto reader = Watch();
  auth::EndedSessions& ended = TestServer::verifier().ended_sessions();
  ended.Add("another", absl::Now() + absl::Minutes(1));
  EXPECT_TRUE(writer_->Write(MakeChunk("1")));
  ended.Add("ends", absl::Now() + absl::Minutes(1));
  EXPECT_THAT(ReadAll(*reader), ElementsAre("1"));
  EXPECT_THAT(FromGrpc(reader->Finish()), HasReason("TOKEN_EXPIRED"));
  done_.WaitForNotification();
}

TEST_F(WatchTest, NoStreamOpensInAnEndedSession) {
  auth::Principal resident = Resident("a");
  resident.session = "has ended";
  TestServer::verifier().ended_sessions().Add("has ended", absl::Now() + absl::Minutes(1));
  context_ = probe_.ContextFor(resident);
  auto reader = probe_.stub()->Watch(context_.get(), WatchAll());
  EXPECT_THAT(ReadAll(*reader), IsEmpty());
  EXPECT_THAT(FromGrpc(reader->Finish()), HasReason("TOKEN_EXPIRED"));
}

TEST_F(WatchTest, ManyWritersLoseNothing) {
  constexpr int kWriters = 8;
  constexpr int kEach = 8;  // together as many as the queue holds
  auto reader = Watch();
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([this] {
      for (int j = 0; j < kEach; ++j) EXPECT_TRUE(writer_->Write(MakeChunk("x")));
    });
  }
  for (std::thread& writer : writers) writer.join();
  writer_->Finish(absl::OkStatus());
  EXPECT_THAT(ReadAll(*reader), SizeIs(kWriters * kEach));
  EXPECT_OK(FromGrpc(reader->Finish()));
}

TEST_F(WatchTest, AClientThatDoesNotReadIsCutOffAndKeepsWhatWasQueued) {
  auto reader = Watch();
  const std::string large(1 << 20, 'x');
  int taken = 0;
  while (writer_->Write(MakeChunk(large))) ASSERT_LT(++taken, 1000);
  EXPECT_THAT(ReadAll(*reader), SizeIs(taken));
  absl::Status status = FromGrpc(reader->Finish());
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(status, HasReason("CLIENT_TOO_SLOW"));
  done_.WaitForNotification();
}

TEST_F(WatchTest, AClientThatLeavesEndsTheStream) {
  auto reader = Watch();
  context_->TryCancel();
  done_.WaitForNotification();
  EXPECT_FALSE(writer_->Write(MakeChunk("nobody")));
  EXPECT_THAT(FromGrpc(reader->Finish()), StatusIs(absl::StatusCode::kCancelled));
  absl::Notification at_once;
  writer_->OnDone([&] { at_once.Notify(); });
  EXPECT_TRUE(at_once.HasBeenNotified());
}

TEST_F(WatchTest, AClientThatLeavesWithoutReadingEndsTheStream) {
  auto reader = Watch();
  for (int i = 0; i < 10; ++i) writer_->Write(MakeChunk(std::string(1 << 20, 'x')));
  context_->TryCancel();
  done_.WaitForNotification();
  (void)reader->Finish();
}

TEST_F(WatchTest, ShutdownEndsEveryStream) {
  auto reader = Watch();
  EXPECT_TRUE(writer_->Write(MakeChunk("1")));
  probe_.dispatcher().Shutdown();
  EXPECT_THAT(ReadAll(*reader), ElementsAre("1"));
  EXPECT_THAT(FromGrpc(reader->Finish()), StatusIs(absl::StatusCode::kUnavailable));
  done_.WaitForNotification();

  auto late_context = probe_.ContextFor();
  auto late = probe_.stub()->Watch(late_context.get(), WatchAll());
  EXPECT_THAT(FromGrpc(late->Finish()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(WatchTest, AWriterMayOutliveItsServer) {
  Writer writer;
  {
    Probe probe;
    absl::Notification subscribed;
    probe.handlers.watch = [&](const Call&, Writer given) {
      writer = std::move(given);
      subscribed.Notify();
      return absl::OkStatus();
    };
    auto context = probe.ContextFor();
    auto reader = probe.stub()->Watch(context.get(), WatchAll());
    subscribed.WaitForNotification();
    context->TryCancel();
    (void)reader->Finish();
  }
  EXPECT_FALSE(writer->Write(MakeChunk("nobody")));
  writer->Finish(absl::OkStatus());
}

TEST_F(WatchTest, RequestsAreCheckedLikeAnyOther) {
  auto reader = probe_.stub()->Watch(context_.get(), {});
  EXPECT_THAT(FromGrpc(reader->Finish()), StatusIs(absl::StatusCode::kInvalidArgument));

  probe_.handlers.watch = [](const Call&, Writer) -> absl::Status { throw std::bad_alloc(); };
  auto context = probe_.ContextFor();
  reader = probe_.stub()->Watch(context.get(), WatchAll());
  EXPECT_THAT(FromGrpc(reader->Finish()), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(WatchTest, OpenStreamsHoldNoThread) {
  constexpr int kStreams = 40;  // five times the pool
  absl::Mutex mutex;
  std::vector<Writer> writers;
  probe_.handlers.watch = [&](const Call&, Writer writer) {
    absl::MutexLock lock(&mutex);
    writers.push_back(std::move(writer));
    return absl::OkStatus();
  };
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::Chunk>>> readers;
  for (int i = 0; i < kStreams; ++i) {
    contexts.push_back(probe_.ContextFor());
    readers.push_back(probe_.stub()->Watch(contexts.back().get(), WatchAll()));
  }
  for (auto& reader : readers) reader->WaitForInitialMetadata();
  EXPECT_OK(probe_.Echo(*probe_.ContextFor()));
  EXPECT_THAT(probe_.metrics(),
              HasSubstr(R"(veche_rpc_in_flight{method="Watch",service="probe"} 40)"));
  for (Writer& writer : writers) writer->Finish(absl::OkStatus());
  for (auto& reader : readers) EXPECT_OK(FromGrpc(reader->Finish()));
}

// Produces the numbers up to `count`; records its destruction.
class Numbers final : public StreamProducer<v1::Chunk> {
 public:
  Numbers(int count, size_t padding, absl::Notification* gone)
      : count_(count), padding_(padding), gone_(gone) {}
  ~Numbers() override { gone_->Notify(); }
  absl::StatusOr<bool> Next(v1::Chunk& message) override {
    if (next_ == count_) return false;
    if (next_ == 100) return absl::DataLossError("the disk is broken");
    message.set_bytes(std::to_string(next_++) + std::string(padding_, ' '));
    return true;
  }

 private:
  const int count_;
  const size_t padding_;
  absl::Notification* const gone_;
  int next_ = 0;
};

class DownloadTest : public ::testing::Test {
 protected:
  DownloadTest() {
    probe_.handlers.download = [this](const Call&, const v1::DownloadRequest& request)
        -> absl::StatusOr<std::unique_ptr<StreamProducer<v1::Chunk>>> {
      if (request.chunks() < 0) return absl::NotFoundError("no such file");
      return std::make_unique<Numbers>(request.chunks(), padding_, &gone_);
    };
  }
  std::unique_ptr<grpc::ClientReader<v1::Chunk>> Download(int chunks) {
    v1::DownloadRequest request;
    request.set_chunks(chunks);
    return probe_.stub()->Download(context_.get(), request);
  }

  size_t padding_ = 0;  // of each chunk
  absl::Notification gone_;
  Probe probe_;
  std::unique_ptr<grpc::ClientContext> context_ = probe_.ContextFor();
};

TEST_F(DownloadTest, ArrivesWholeAndInOrder) {
  auto reader = Download(4);
  EXPECT_THAT(ReadAll(*reader), ElementsAre("0", "1", "2", "3"));
  EXPECT_OK(FromGrpc(reader->Finish()));
}

TEST_F(DownloadTest, MayHaveManyLargeChunks) {
  padding_ = 100'000;
  auto reader = Download(5);
  EXPECT_THAT(ReadAll(*reader), SizeIs(5));
  EXPECT_OK(FromGrpc(reader->Finish()));
}

TEST_F(DownloadTest, MayBeEmptyOrRefused) {
  EXPECT_OK(FromGrpc(Download(0)->Finish()));
  context_ = probe_.ContextFor();
  EXPECT_THAT(FromGrpc(Download(-1)->Finish()), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DownloadTest, AnErrorOnTheWayIsTold) {
  auto reader = Download(200);
  EXPECT_THAT(ReadAll(*reader), SizeIs(100));
  EXPECT_THAT(FromGrpc(reader->Finish()), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(DownloadTest, AClientThatLeavesFreesTheFile) {
  auto reader = Download(99);
  v1::Chunk chunk;
  ASSERT_TRUE(reader->Read(&chunk));
  context_->TryCancel();
  gone_.WaitForNotification();
  (void)reader->Finish();
}

// Counts chunks; records how the upload ended.
struct UploadLog {
  std::atomic<int> appended = 0;
  std::atomic<bool> finished = false;
  absl::Notification first;
  absl::Notification gone;
};

class CountingSink final : public StreamSink<v1::Chunk, v1::UploadResponse> {
 public:
  explicit CountingSink(UploadLog& log) : log_(log) {}
  ~CountingSink() override { log_.gone.Notify(); }
  absl::Status Append(const v1::Chunk& message) override {
    if (message.bytes() == "bad") return absl::InvalidArgumentError("a bad chunk");
    if (++log_.appended == 1) log_.first.Notify();
    return absl::OkStatus();
  }
  absl::StatusOr<v1::UploadResponse> Finish() override {
    log_.finished = true;
    v1::UploadResponse response;
    response.set_chunks(log_.appended);
    return response;
  }

 private:
  UploadLog& log_;
};

class UploadTest : public ::testing::Test {
 protected:
  UploadTest() {
    probe_.handlers.upload = [this](const Call&)
        -> absl::StatusOr<std::unique_ptr<StreamSink<v1::Chunk, v1::UploadResponse>>> {
      return std::make_unique<CountingSink>(log_);
    };
  }

  UploadLog log_;
  Probe probe_;
  v1::UploadResponse response_;
  std::unique_ptr<grpc::ClientContext> context_ = probe_.ContextFor();
};

TEST_F(UploadTest, TakesEveryChunk) {
  auto writer = probe_.stub()->Upload(context_.get(), &response_);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(writer->Write(MakeChunk("x")));
  writer->WritesDone();
  EXPECT_OK(FromGrpc(writer->Finish()));
  EXPECT_EQ(response_.chunks(), 200);
}

TEST_F(UploadTest, MayBeEmpty) {
  auto writer = probe_.stub()->Upload(context_.get(), &response_);
  writer->WritesDone();
  EXPECT_OK(FromGrpc(writer->Finish()));
  EXPECT_TRUE(log_.finished);
}

TEST_F(UploadTest, AnErrorEndsItAtOnce) {
  auto writer = probe_.stub()->Upload(context_.get(), &response_);
  writer->Write(MakeChunk("bad"));
  EXPECT_THAT(FromGrpc(writer->Finish()), StatusIs(absl::StatusCode::kInvalidArgument));
  log_.gone.WaitForNotification();
  EXPECT_FALSE(log_.finished);
}

TEST(UploadBreakTest, AClientThatBreaksOffLeavesNothingBehind) {
  // Often, because the test is about a race between two events.
  for (int i = 0; i < 50; ++i) {
    UploadLog log;
    Probe probe;
    probe.handlers.upload = [&](const Call&)
        -> absl::StatusOr<std::unique_ptr<StreamSink<v1::Chunk, v1::UploadResponse>>> {
      return std::make_unique<CountingSink>(log);
    };
    v1::UploadResponse response;
    auto context = probe.ContextFor();
    auto writer = probe.stub()->Upload(context.get(), &response);
    ASSERT_TRUE(writer->Write(MakeChunk("x")));
    log.first.WaitForNotification();
    context->TryCancel();
    log.gone.WaitForNotification();
    EXPECT_FALSE(log.finished);
    (void)writer->Finish();
  }
}

}  // namespace
}  // namespace veche::rpc::testing
