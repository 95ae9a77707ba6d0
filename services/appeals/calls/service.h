#pragma once

#include "common/rpc/dispatcher.h"
#include "services/appeals/calls/assign_calls.h"
#include "services/appeals/calls/attachment_calls.h"
#include "services/appeals/calls/author_calls.h"
#include "services/appeals/calls/import_calls.h"
#include "services/appeals/calls/list_calls.h"
#include "services/appeals/calls/message_calls.h"
#include "services/appeals/calls/read_calls.h"
#include "services/appeals/calls/rule_calls.h"
#include "services/appeals/calls/staff_calls.h"
#include "services/appeals/calls/submit_calls.h"
#include "services/appeals/calls/text_calls.h"
#include "veche/appeals/v1/appeals.grpc.pb.h"
#include "veche/appeals/v1/attachments.grpc.pb.h"
#include "veche/appeals/v1/routing.grpc.pb.h"

namespace veche::appeals {

// The handlers of the service Appeals. All must outlive the binding.
struct AppealsCalls {
  SubmitCalls& submit;
  ReadCalls& read;
  ListCalls& list;
  AuthorCalls& author;
  MessageCalls& messages;
  AssignCalls& assign;
  StaffCalls& staff;
  ImportCalls& imports;
  TextCalls& texts;
};

// The gRPC binding of Appeals: one line for each call.
class AppealsService final : public v1::Appeals::CallbackService {
 public:
  AppealsService(rpc::Dispatcher& rpc, const AppealsCalls& calls) : rpc_(rpc), read_(calls.read) {
    rpc_.Bind(calls.submit, &SubmitCalls::CreateAppeal);
    rpc_.Bind(calls.read, &ReadCalls::GetAppeal, &ReadCalls::GetTimeline);
    rpc_.Bind(calls.list, &ListCalls::ListAppeals, &ListCalls::ListInbox,
              &ListCalls::SuggestDuplicates);
    rpc_.Bind(calls.author, &AuthorCalls::SupportAppeal, &AuthorCalls::UnsupportAppeal,
              &AuthorCalls::FollowAppeal, &AuthorCalls::UnfollowAppeal,
              &AuthorCalls::WithdrawAppeal, &AuthorCalls::ReopenAppeal, &AuthorCalls::RateAppeal);
    rpc_.Bind(calls.messages, &MessageCalls::CreateMessage, &MessageCalls::ListMessages);
    rpc_.Bind(calls.assign, &AssignCalls::AssignAppeal, &AssignCalls::RelocateAppeal);
    rpc_.Bind(calls.staff, &StaffCalls::StartAppeal, &StaffCalls::RequestInfo,
              &StaffCalls::ResolveAppeal, &StaffCalls::RejectAppeal, &StaffCalls::ForwardAppeal,
              &StaffCalls::MergeAppeal, &StaffCalls::ReviewAppeal);
    rpc_.Bind(calls.imports, &ImportCalls::ImportAppeals);
    rpc_.Bind(calls.texts, &TextCalls::BatchGetTexts);
  }

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* CreateAppeal(Context* context, const v1::CreateAppealRequest* request,
                        v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ListAppeals(Context* context, const v1::ListAppealsRequest* request,
                       v1::ListAppealsResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* GetAppeal(Context* context, const v1::GetAppealRequest* request,
                     v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* GetTimeline(Context* context, const v1::GetTimelineRequest* request,
                       v1::Timeline* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* SuggestDuplicates(Context* context, const v1::SuggestDuplicatesRequest* request,
                             v1::SuggestDuplicatesResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* SupportAppeal(Context* context, const v1::SupportAppealRequest* request,
                         v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* UnsupportAppeal(Context* context, const v1::UnsupportAppealRequest* request,
                           v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* FollowAppeal(Context* context, const v1::FollowAppealRequest* request,
                        v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* UnfollowAppeal(Context* context, const v1::UnfollowAppealRequest* request,
                          v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* WithdrawAppeal(Context* context, const v1::WithdrawAppealRequest* request,
                          v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ReopenAppeal(Context* context, const v1::ReopenAppealRequest* request,
                        v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* RateAppeal(Context* context, const v1::RateAppealRequest* request,
                      v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* CreateMessage(Context* context, const v1::CreateMessageRequest* request,
                         v1::Message* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ListMessages(Context* context, const v1::ListMessagesRequest* request,
                        v1::ListMessagesResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* AssignAppeal(Context* context, const v1::AssignAppealRequest* request,
                        v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* RelocateAppeal(Context* context, const v1::RelocateAppealRequest* request,
                          v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* StartAppeal(Context* context, const v1::StartAppealRequest* request,
                       v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* RequestInfo(Context* context, const v1::RequestInfoRequest* request,
                       v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ResolveAppeal(Context* context, const v1::ResolveAppealRequest* request,
                         v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* RejectAppeal(Context* context, const v1::RejectAppealRequest* request,
                        v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ForwardAppeal(Context* context, const v1::ForwardAppealRequest* request,
                         v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* MergeAppeal(Context* context, const v1::MergeAppealRequest* request,
                       v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ReviewAppeal(Context* context, const v1::ReviewAppealRequest* request,
                        v1::Appeal* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ListInbox(Context* context, const v1::ListInboxRequest* request,
                     v1::ListInboxResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ImportAppeals(Context* context, const v1::ImportAppealsRequest* request,
                         v1::ImportAppealsResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* BatchGetTexts(Context* context, const v1::BatchGetTextsRequest* request,
                         v1::BatchGetTextsResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  grpc::ServerWriteReactor<v1::WatchAppealResponse>* WatchAppeal(
      Context* context, const v1::WatchAppealRequest* request) override {
    return rpc_.Subscribe(context, request, read_, &ReadCalls::WatchAppeal);
  }

 private:
  rpc::Dispatcher& rpc_;
  ReadCalls& read_;
};

// The gRPC binding of RoutingRules.
class RoutingRulesService final : public v1::RoutingRules::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  RoutingRulesService(rpc::Dispatcher& rpc, RuleCalls& handlers) : rpc_(rpc) {
    rpc.Bind(handlers, &RuleCalls::GetRoutingRules, &RuleCalls::UpdateRoutingRules,
             &RuleCalls::CheckRoutingRules, &RuleCalls::DryRunRoutingRules);
  }

  Reactor* GetRoutingRules(Context* context, const v1::GetRoutingRulesRequest* request,
                           v1::RoutingRuleSet* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* UpdateRoutingRules(Context* context, const v1::UpdateRoutingRulesRequest* request,
                              v1::RoutingRuleSet* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* CheckRoutingRules(Context* context, const v1::CheckRoutingRulesRequest* request,
                             v1::CheckRoutingRulesResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* DryRunRoutingRules(Context* context, const v1::DryRunRoutingRulesRequest* request,
                              v1::DryRunRoutingRulesResponse* response) override {
    return rpc_.Unary(context, request, response);
  }

 private:
  rpc::Dispatcher& rpc_;
};

// The gRPC binding of Attachments.
class AttachmentsService final : public v1::Attachments::CallbackService {
 public:
  AttachmentsService(rpc::Dispatcher& rpc, AttachmentCalls& handlers)
      : rpc_(rpc), handlers_(handlers) {}

  grpc::ServerReadReactor<google::api::HttpBody>* UploadAttachment(
      grpc::CallbackServerContext* context, v1::Attachment* response) override {
    return rpc_.Consume<AttachmentCalls, google::api::HttpBody, v1::Attachment>(
        context, response, handlers_, &AttachmentCalls::UploadAttachment);
  }
  grpc::ServerWriteReactor<google::api::HttpBody>* DownloadAttachment(
      grpc::CallbackServerContext* context, const v1::DownloadAttachmentRequest* request) override {
    return rpc_.Produce(context, request, handlers_, &AttachmentCalls::DownloadAttachment);
  }

 private:
  rpc::Dispatcher& rpc_;
  AttachmentCalls& handlers_;
};

}  // namespace veche::appeals
