from django.http import HttpResponse
from django.urls import path

SECRET_KEY = "for this example only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "settings"
STATIC_URL = "static/"
STATIC_ROOT = "static"

urlpatterns = [path("", lambda request: HttpResponse("hello from django\n"))]
