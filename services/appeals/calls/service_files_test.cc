#include "services/appeals/testing/service_fixture.h"
#include "veche/appeals/v1/attachments.grpc.pb.h"

// Files from upload to download.

namespace veche::appeals {
namespace {

using rpc::testing::Resident;
using rpc::testing::Supervisor;
using testing::HasReason;

class FilesTest : public ServiceTest {
 protected:
  absl::Status Upload(const auth::Principal& caller, const std::string& text,
                      v1::Attachment& stored) {
    auto files = v1::Attachments::NewStub(server_->channel());
    auto context = server_->ContextFor(caller);
    auto writer = files->UploadAttachment(context.get(), &stored);
    google::api::HttpBody piece;
    piece.set_content_type("text/plain");
    piece.set_data(text);
    writer->Write(piece);
    writer->WritesDone();
    return rpc::FromGrpc(writer->Finish());
  }
};

TEST_F(FilesTest, TakesAFileInPiecesAndGivesItToWhoMaySeeIt) {
  auto files = v1::Attachments::NewStub(server_->channel());
  auto context = server_->ContextFor(Resident("ivan"));
  v1::Attachment stored;
  auto writer = files->UploadAttachment(context.get(), &stored);
  google::api::HttpBody piece;
  piece.set_content_type("text/plain");
  const std::string line = "Справка о яме.\n";
  for (int i = 0; i < 100; ++i) {
    piece.set_data(line);
    ASSERT_TRUE(writer->Write(piece));
  }
  writer->WritesDone();
  ASSERT_OK(rpc::FromGrpc(writer->Finish()));
  EXPECT_EQ(stored.size_bytes(), static_cast<int64_t>(100 * line.size()));

  v1::CreateAppealRequest request;
  request.set_text("Яма");
  request.set_visibility(v1::Appeal::PRIVATE);
  request.add_attachments(stored.name());
  EXPECT_THAT(Ask(&v1::Appeals::Stub::CreateAppeal, Resident("anna"), request),
              HasReason("INVALID_FIELDS"));
  auto created = Ask(&v1::Appeals::Stub::CreateAppeal, Resident("ivan"), request);
  ASSERT_OK(created);
  ASSERT_EQ(created->attachments_size(), 1);
  auto load = [&](const auth::Principal& caller, std::string& bytes) {
    auto call = server_->ContextFor(caller);
    v1::DownloadAttachmentRequest download;
    download.set_name(stored.name());
    auto reader = files->DownloadAttachment(call.get(), download);
    google::api::HttpBody part;
    while (reader->Read(&part)) bytes += part.data();
    return rpc::FromGrpc(reader->Finish());
  };
  std::string bytes;
  ASSERT_OK(load(Supervisor("boss"), bytes));
  EXPECT_EQ(static_cast<int64_t>(bytes.size()), stored.size_bytes());
  EXPECT_THAT(load(Resident("anna"), bytes), HasReason("ATTACHMENT_NOT_FOUND"));
}

TEST_F(FilesTest, NamesAGuestsFileSoThatNobodyElseCanClaimIt) {
  v1::Attachment stored, other;
  ASSERT_OK(Upload({}, "Справка", stored));
  ASSERT_OK(Upload({}, "Справка", other));
  const size_t time_and_prefix = std::string("attachments/").size() + 10;
  EXPECT_EQ(stored.name().size(), time_and_prefix + 32);  // of 5 bits each
  EXPECT_NE(stored.name().substr(time_and_prefix), other.name().substr(time_and_prefix));

  v1::CreateAppealRequest request;
  request.set_text("Яма");
  request.add_attachments(stored.name());
  EXPECT_THAT(Ask(&v1::Appeals::Stub::CreateAppeal, Resident("anna"), request),
              HasReason("INVALID_FIELDS"));
  EXPECT_OK(Ask(&v1::Appeals::Stub::CreateAppeal, {}, request));
}

TEST_F(FilesTest, BoundsWhatLiesUploadedAndAttachedToNothing) {
  End();
  config_.mutable_limits()->set_upload_bytes_per_account(100);
  Begin();
  v1::Attachment first, more;
  ASSERT_OK(Upload(Resident("ivan"), std::string(60, 'x'), first));
  EXPECT_THAT(Upload(Resident("ivan"), std::string(41, 'x'), more),
              HasReason("UPLOAD_QUOTA_EXCEEDED"));
  EXPECT_OK(Upload(Resident("anna"), std::string(41, 'x'), more));
  v1::CreateAppealRequest request;
  request.set_text("Яма");
  request.add_attachments(first.name());
  ASSERT_OK(Ask(&v1::Appeals::Stub::CreateAppeal, Resident("ivan"), request));
  EXPECT_OK(Upload(Resident("ivan"), std::string(41, 'x'), more));
}

}  // namespace
}  // namespace veche::appeals
