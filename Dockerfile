# One image for the workers, the Prefect server and the dashboard; what it runs is the command.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PREFECT_SERVER_ANALYTICS_ENABLED=false
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . ./
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --create-home --uid 10001 langnghe \
    && install -d -o langnghe /data
USER langnghe
ENV LANGNGHE_HOME=/data
VOLUME /data
CMD ["langnghe", "up"]
