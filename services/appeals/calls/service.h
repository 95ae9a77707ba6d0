#pragma once

#include "common/rpc/dispatcher.h"
#include "services/appeals/calls/attachment_handlers.h"
#include "services/appeals/calls/handlers.h"
#include "services/appeals/calls/rule_handlers.h"
#include "veche/appeals/v1/appeals.grpc.pb.h"
#include "veche/appeals/v1/attachments.grpc.pb.h"
#include "veche/appeals/v1/routing.grpc.pb.h"

namespace veche::appeals {

// The gRPC binding of Appeals: one line for each call.
class AppealsService final : public v1::Appeals::CallbackService {
 public:
  AppealsService(rpc::Dispatcher& rpc, Handlers& handlers) : rpc_(rpc), handlers_(handlers) {
    rpc_.Bind(handlers_, &Handlers::CreateAppeal, &Handlers::ListAppeals, &Handlers::GetAppeal,
              &Handlers::GetTimeline, &Handlers::SuggestDuplicates, &Handlers::SupportAppeal,
              &Handlers::UnsupportAppeal, &Handlers::FollowAppeal, &Handlers::UnfollowAppeal,
              &Handlers::WithdrawAppeal, &Handlers::ReopenAppeal, &Handlers::RateAppeal,
              &Handlers::CreateMessage, &Handlers::ListMessages, &Handlers::AssignAppeal,
              &Handlers::RelocateAppeal, &Handlers::StartAppeal, &Handlers::RequestInfo,
              &Handlers::ResolveAppeal, &Handlers::RejectAppeal, &Handlers::ForwardAppeal,
              &Handlers::MergeAppeal, &Handlers::ReviewAppeal, &Handlers::ListInbox,
              &Handlers::ImportAppeals, &Handlers::BatchGetTexts);
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
    return rpc_.Subscribe(context, request, handlers_, &Handlers::WatchAppeal);
  }

 private:
  rpc::Dispatcher& rpc_;
  Handlers& handlers_;
};

// The gRPC binding of RoutingRules.
class RoutingRulesService final : public v1::RoutingRules::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  RoutingRulesService(rpc::Dispatcher& rpc, RuleHandlers& handlers) : rpc_(rpc) {
    rpc.Bind(handlers, &RuleHandlers::GetRoutingRules, &RuleHandlers::UpdateRoutingRules,
             &RuleHandlers::CheckRoutingRules, &RuleHandlers::DryRunRoutingRules);
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
  AttachmentsService(rpc::Dispatcher& rpc, AttachmentHandlers& handlers)
      : rpc_(rpc), handlers_(handlers) {}

  grpc::ServerReadReactor<google::api::HttpBody>* UploadAttachment(
      grpc::CallbackServerContext* context, v1::Attachment* response) override {
    return rpc_.Consume<AttachmentHandlers, google::api::HttpBody, v1::Attachment>(
        context, response, handlers_, &AttachmentHandlers::UploadAttachment);
  }
  grpc::ServerWriteReactor<google::api::HttpBody>* DownloadAttachment(
      grpc::CallbackServerContext* context, const v1::DownloadAttachmentRequest* request) override {
    return rpc_.Produce(context, request, handlers_, &AttachmentHandlers::DownloadAttachment);
  }

 private:
  rpc::Dispatcher& rpc_;
  AttachmentHandlers& handlers_;
};

}  // namespace veche::appeals
